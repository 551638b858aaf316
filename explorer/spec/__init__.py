"""What the analyst means: frozen values; no data frame, no engine, no user interface."""
