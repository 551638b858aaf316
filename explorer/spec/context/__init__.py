"""What an analysis knows beyond its events: links to other tools, and notes on moments of time."""
