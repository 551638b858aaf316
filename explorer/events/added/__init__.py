"""Columns that no source has: computed ones, those of joined tables, whom an event counts for."""
