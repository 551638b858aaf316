"""What an analyst sees: the explorer and its parts, for the page and the notebook."""

from widgets.session_explorer import SessionExplorer

__all__ = ["SessionExplorer"]
