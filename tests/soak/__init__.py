"""`make soak`: what takes too long for every change. Twenty kills, half an hour of memory, a million mutated messages."""
