"""History in: archives, or a topic's own past, sent through the same code as live news."""
