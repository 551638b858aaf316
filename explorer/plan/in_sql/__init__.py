"""The meaning of specs as SQL: sqlglot trees, printed for any dialect."""
