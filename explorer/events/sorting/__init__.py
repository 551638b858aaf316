"""Rows as sorted events: texts as codes, the order of whole numbers."""
