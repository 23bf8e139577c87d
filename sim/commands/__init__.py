"""The commands of `sim`, one module each: `add_arguments` declares what it takes, `execute` does it."""
