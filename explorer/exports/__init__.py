"""Sessions, actors and events as files, and the numbers of charts as text."""

from explorer.exports.chart_numbers import bins
from explorer.exports.files import Export, export, read_back
from explorer.exports.formats import FORMATS

__all__ = ["FORMATS", "Export", "bins", "export", "read_back"]
