"""The meaning of specs as Polars expressions."""
