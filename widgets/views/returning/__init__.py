"""Which actors come back, when, and who is new or stays away."""
