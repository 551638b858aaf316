"""The visual editor of conditions."""

from widgets.filter_builder.builder import FilterBuilder

__all__ = ["FilterBuilder"]
