"""One session from within: where it lies, its events, its neighbours, and any window of its actor's time."""
