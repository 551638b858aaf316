"""One HTML file of an analysis that brushes without a server, and the way back from it."""

from explorer.report.embedded import read_back
from explorer.report.page import heading, html, report

__all__ = ["heading", "html", "read_back", "report"]
