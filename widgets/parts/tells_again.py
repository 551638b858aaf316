"""What was asked for once can be asked for again: a second click on the same is heard, too."""

from __future__ import annotations

from typing import Any

import param


class TellsAgain(param.Parameterized):
    """For a widget whose parameters say what was asked for: Param is silent when a value is set that stands already."""

    def tell_again(self, **said: Any) -> None:
        """Set these parameters, as one change that everybody who watches hears of, whatever they were.

        >>> class Asks(TellsAgain):
        ...     asked = param.String()
        >>> asks, heard = Asks(), []
        >>> watcher = asks.param.watch(lambda event: heard.append(event.new), "asked")
        >>> for text in ("more", "more", "", ""):
        ...     asks.tell_again(asked=text)
        >>> heard
        ['more', 'more', '', '']
        """
        with param.discard_events(self):
            self.param.update(**said)
        self.param.trigger(*said)
