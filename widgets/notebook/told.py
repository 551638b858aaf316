"""What a part says in words and rows: the picture of it that stays in a notebook, as HTML and as plain text."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from explorer.crossfilter.formats import many
from explorer.report.still import table_still
from explorer.spec.expression.clause import Clause
from explorer.spec.expression.clause_words import clause_words
from explorer.spec.metric import ActorMetric, Metric
from explorer.spec.prose import actor_metric_sentence, definition_sentence, metric_sentence
from explorer.spec.session import SessionDefinition

MOST_ROWS = 12


@dataclass(frozen=True)
class Told:
    """A title, sentences, and rows of texts below their headings."""

    title: str
    sentences: Sequence[str] = ()
    headings: Sequence[str] = ()
    rows: Sequence[Sequence[str]] = ()

    @property
    def _shown(self) -> Sequence[Sequence[str]]:
        return self.rows[:MOST_ROWS]

    @property
    def _rest(self) -> str:
        left = len(self.rows) - MOST_ROWS
        return f"and {many(left, 'more row')}" if left > 0 else ""

    def html(self, note: str) -> str:
        """As HTML that asks for nothing.

        >>> "a &lt; b" in Told("Condition", ["a < b"]).html("")
        True
        """
        return table_still(self.title, self.sentences, self.headings, self._shown, (self._rest, note))

    def text(self) -> str:
        """As plain text.

        >>> print(Told("Rules", ["Two."], ["name", "n"], [["a", "1"]]).text())
        Rules
        Two.
        name  n
        a     1
        """
        lines = [self.title, *self.sentences]
        table = [row for row in (self.headings, *self._shown) if row]
        wide = [max(map(len, column)) for column in zip(*table, strict=True)] if table else []
        lines += ["  ".join(f"{each:{n}}" for each, n in zip(row, wide, strict=True)).rstrip() for row in table]
        return "\n".join(line for line in (*lines, self._rest) if line)


def value_words(value: Any) -> str:
    """A value as people say it; empty for what is no sentence.

    >>> value_words(SessionDefinition("visit", "30m"))
    'A session is consecutive events of one actor, at most 30m apart.'
    """
    match value:
        case SessionDefinition():
            return definition_sentence(value)
        case Metric():
            return metric_sentence(value)
        case ActorMetric():
            return actor_metric_sentence(value)
        case Clause():
            return f"{clause_words(value)} ({value})"
        case str() | int() | float():
            return str(value)
    return ""
