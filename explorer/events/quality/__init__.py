"""What was taken to be so while events were read, what was left out, and what is odd about them."""
