"""How it looks: text, traces and pages."""
