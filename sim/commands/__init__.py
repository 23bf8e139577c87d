"""The commands of `sim`, one module each: NAME, HELP, `add_arguments` and `execute`."""
