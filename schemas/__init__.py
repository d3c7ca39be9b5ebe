"""Floor 0: what crosses the wire. Frozen pydantic models for articles in and signals out, and their JSON."""
