"""What happens inside sessions: how they begin and end, their paths, what comes next, and funnels."""

from widgets.views.inside.view import InsideView

__all__ = ["InsideView"]
