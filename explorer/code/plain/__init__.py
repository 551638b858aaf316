"""A definition as a Polars script that needs nothing of ours."""
