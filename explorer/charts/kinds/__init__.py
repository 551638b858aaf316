"""What draws each kind of chart on the page, and patches what is drawn."""
