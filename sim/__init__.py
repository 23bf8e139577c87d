"""An agent-based simulator of diplomatic negotiation tracks."""
