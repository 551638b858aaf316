"""Where analyses run: plan and data in, Polars frames out."""
