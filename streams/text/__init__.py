"""Floor 1: what the text says, with no opinion on signals."""
