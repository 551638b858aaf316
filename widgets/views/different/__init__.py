"""The view of what the selected sessions have more or less often than others."""
