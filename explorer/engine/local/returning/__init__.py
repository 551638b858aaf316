"""Which actors come back, and when."""
