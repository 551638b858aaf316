"""JSON in every form, and records in columns as plain columns."""
