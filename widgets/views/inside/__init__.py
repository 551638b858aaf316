"""What happens inside sessions: how they begin and end, what comes next, first steps, and a funnel."""

from widgets.views.inside.view import InsideView

__all__ = ["InsideView"]
