"""What the events of each session come to: metrics, and the values at its edges."""
