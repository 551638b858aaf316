"""What scripts ask of an engine in one call, by brushes that are written as texts."""

from __future__ import annotations

from typing import Any, Unpack

from explorer.crossfilter.selections.selection import Selection
from explorer.engine.answers.different import Different
from explorer.engine.answers.retention import Retention
from explorer.engine.answers.sequences.paths import FEW_WHOLE, Paths
from explorer.engine.cut import Cut
from explorer.engine.local.different.asked import asked
from explorer.engine.local.inside.asked import asked_paths
from explorer.engine.local.retention_asked import asked_retention
from explorer.spec.charts.sequences.route import RouteFields
from explorer.spec.session import SessionDefinition


class Scripted:
    """Questions that every engine answers by the sessions that it cuts."""

    def cut(self, definition: SessionDefinition) -> Cut:
        """The sessions of a definition; nothing is cut before it is asked."""
        raise NotImplementedError

    def different(
        self, definition: SessionDefinition, selection: str | Selection, against: str | Selection | None = None
    ) -> Different:
        """What the sessions of a selection have more or less often than all others, or than those of another.

        A selection is written as in the address of the page: `first event:search;duration:10m..`. The answer has
        `sentence`, the leading results in words, and `frame()`, a row for each difference with its interval by actor.
        Raises SpecError for a brush that does not fit.

        >>> import explorer, polars as pl
        >>> rows = [(f"u{n}", f"2024-03-0{4 + n % 5} 10:0{at}", event) for n in range(200)
        ...         for at, event in enumerate(["search", "buy" if n % 7 else "view"] if n % 3 else ["view", "leave"])]
        >>> log = explorer.connect(pl.DataFrame(rows, schema=["user", "ts", "event"], orient="row"))
        >>> visit = explorer.SessionDefinition("visit", "30m")
        >>> bought = log.different(visit, "any event:buy", "last event:leave|view")
        >>> bought.sentences[0][:57], round(bought.rows[0].there, 2), bought.rows[0].told
        ('Of the selected sessions 100.0 % begin with search, of th', 0.22, True)
        """
        return asked(self.cut(definition), selection, against)

    def retention(self, definition: SessionDefinition, selection: str | Selection = "", **asked: Any) -> Retention:
        """Which share of actors comes back: `every` is a step of time (`1w`), `by` a dimension of their first session;
        `returns` are counted `in` the nth step after it, in it or `later`, or by `times`, `within` a time.

        >>> import polars as pl
        >>> from explorer import SessionDefinition, connect
        >>> log = connect(pl.DataFrame({"user": list("aabb"), "ts": [f"2024-03-{day:02}" for day in (4, 11, 18, 25)]}))
        >>> log.retention(SessionDefinition("visit", "30m"), every="1w").total.back.tolist()
        [1, 0]
        """
        return asked_retention(self.cut(definition), selection, asked)

    def paths(
        self,
        definition: SessionDefinition,
        selection: str | Selection = "",
        most: int = FEW_WHOLE,
        **route: Unpack[RouteFields],
    ) -> Paths:
        """The ways that sessions take from an event on, as a chart of the kind `paths` asks: `sentence`, `frame()` with
        a row for each way from one step to the next, `whole_frame()` with the `most` frequent whole paths.

        A selection is written as in the address of the page. Raises SpecError for what does not fit.

        >>> import explorer, polars as pl
        >>> rows = [(f"u{n}", f"2024-03-04 10:0{at}", event) for n in range(3)
        ...         for at, event in enumerate(["search", "view", "buy"][: n + 1])]
        >>> log = explorer.connect(pl.DataFrame(rows, schema=["user", "ts", "event"], orient="row"))
        >>> log.paths(explorer.SessionDefinition("visit", "30m"), at="event = 'search'", length=2).sentence[65:]
        'Next comes most often view (66.7 %); 33.3 % end there. Of 3 different paths the most frequent is ...'

        """
        return asked_paths(self.cut(definition), selection, most, **route)
