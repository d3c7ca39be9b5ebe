"""Dead letters out and back: shown with nothing that a terminal obeys, sent to where they came from, and never in a loop."""
