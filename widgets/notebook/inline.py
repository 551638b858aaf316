"""How a part of the explorer shows itself in a notebook: live while Python answers, else as a still picture."""

from __future__ import annotations

import re
import sys
from itertools import count
from typing import Any

import panel as pn
import param

from widgets.notebook.cells import listen
from widgets.notebook.style_sheets import bring_along
from widgets.notebook.told import Told, value_words
from widgets.notebook.view import Presence

NOTE = "Static preview. Run the cell to interact."
LIVE = "application/vnd.jupyter.widget-view+json"
# Of a widget that is not there JupyterLab says that its model was not found; the picture above it says more.
STYLE = (
    "<style>.jp-OutputArea-child:has([data-session-explorer]) "
    "+ .jp-OutputArea-child:not(:has(.session-explorer:not([hidden]))) { display: none }</style>"
)
_number = count()


class Inline:
    """Shows itself in a notebook, with a picture that stays when Python is gone."""

    def settle(self) -> None:
        """Let what is under way arrive before a picture is made. Who fills a part from outside puts its own here."""

    def still_words(self) -> Told | None:
        """What the picture says in words and rows; None where it is another one."""
        said = value_words(getattr(self, "value", None))
        return Told(_in_words(type(self).__name__), [said]) if said else None

    def still(self) -> str:
        """The picture, as HTML that asks for nothing."""
        told = self.still_words()
        return (told or Told(_in_words(type(self).__name__))).html(NOTE)

    def inline(self, presence: Presence) -> Any:
        """What is shown below a cell; `presence.on_leave` may say what to do when it is gone."""
        del presence
        return self

    @property
    def widget(self) -> Any:
        """This part as a Jupyter widget, for who puts widgets together, or `mo.ui.anywidget` of marimo."""
        from widgets.notebook.widget import Widget

        made = self.__dict__.get("_inline_widget")
        if made is None or made.is_closed:
            bring_along()
            self.settle()
            # Jupyter keeps the picture beside the widget, others only in it, as it is when it is made.
            made = self.__dict__["_inline_widget"] = Widget(self, "" if _shell() else self.still())
            if isinstance(self, param.Parameterized) and "value" in self.param:
                self._say_value(made)
        return made

    def _say_value(self, made: Any) -> None:
        """Let the widget say the value as text, from now on."""
        made.text = str(self.value)  # type: ignore[attr-defined]
        if "_inline_says" not in self.__dict__:
            self.__dict__["_inline_says"] = self.param.watch(  # type: ignore[attr-defined]
                lambda event: self.tell_widget(text=str(event.new)), "value"
            )

    def tell_widget(self, **said: str) -> None:
        """Say this to who observes the widget, where there is one."""
        made = self.__dict__.get("_inline_widget")
        if made is not None:
            made.set_trait(*said.popitem())

    def _display_(self) -> Any:
        """What marimo shows."""
        self.widget.begin()
        return self.widget

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> Any:
        del include, exclude
        shell = _shell()
        if shell is None:
            return {"text/plain": repr(self)}
        from IPython.display import publish_display_data

        widget = self.widget
        widget.key = f"{widget.model_id} {next(_number)}"
        widget.begin()
        listen(shell).shows(widget)
        self.settle()
        picture = self.still()
        if picture:
            told = self.still_words()
            text = NOTE if told is None else told.text()
            publish_display_data({"text/html": kept(picture, widget.key), "text/plain": text})
        live = {"version_major": 2, "version_minor": 0, "model_id": widget.model_id}
        return {LIVE: live, "text/html": "<span></span>", "text/plain": f"<{type(self).__name__}>"}


def kept(picture: str, key: str) -> str:
    """The HTML of a picture that hides while what is live is seen."""
    return f'{STYLE}<div data-session-explorer="{key}">{picture}</div>'


def _shell() -> Any:
    """The shell of a notebook; None anywhere else."""
    if pn.state.curdoc is not None or "ipykernel" not in sys.modules:
        return None
    from IPython import get_ipython

    return get_ipython()


def _in_words(name: str) -> str:
    """The name of a class as people say it.

    >>> _in_words("SessionsTable")
    'Sessions table'
    """
    return re.sub(r"(?<!^)([A-Z])", lambda found: f" {found[1].lower()}", name)


class Shown(Inline, pn.viewable.Viewer):
    """A part, made of others, that a notebook shows by itself."""

    def inline(self, presence: Presence) -> Any:
        """What is shown below a cell, the same each time: what is bound to this part stays as long as it does."""
        del presence
        made = self.__dict__.get("_inline_shown")
        if made is None:
            made = self.__dict__["_inline_shown"] = self.__panel__()
        return made
