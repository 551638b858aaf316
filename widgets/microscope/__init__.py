"""The session microscope: one session, event by event."""

from widgets.microscope.microscope import Microscope

__all__ = ["Microscope"]
