"""Who runs it: the open engine (agents, model) and the compiled one (ensemble), over the same rules."""
