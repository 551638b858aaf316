"""Rows of fields between separators: how they are written, and what is done where Polars cannot read them so."""
