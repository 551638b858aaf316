"""What the cards of charts say: their titles, questions and legends, and what is not shown as the question says."""

from __future__ import annotations

from explorer.charts.kinds import drawn_by
from explorer.charts.theme import definition_colors
from explorer.charts.titles import asked_title, chart_question, chart_subtitle, chart_title
from explorer.crossfilter.cards import Card
from explorer.crossfilter.formats import count_text
from explorer.crossfilter.measured import MOST_POINTS, Cells, Followed, Points, Rows
from explorer.errors import ExplorerError
from explorer.spec.charts.kinds import kind_of
from explorer.state import Explorer
from widgets.charts.chart_card import Face
from widgets.parts.source_words import said_zone

Legend = tuple[tuple[str, str], ...]


def face(state: Explorer, card: Card, at: int, of: int, found: Followed | ExplorerError | None) -> Face:
    """The face of the `at`-th `of` so many cards; `found` are its numbers, or why there are none."""
    chart, zone = card.chart, said_zone(state.engine)
    if card.dimension:
        title = chart_title(card.dimension)
        question = chart_subtitle(card.dimension, state.definition, zone)
    else:
        title, question = asked_title(chart), chart_question(chart, zone)
    failed = isinstance(found, ExplorerError)
    said = str(found) if failed else " ".join(filter(None, (question, _note(found))))
    color = definition_colors(state.analysis)[state.definition.name]
    legend = _legend(found, color) if isinstance(found, Rows) else ()
    return Face(chart.title or title, said, chart.size or "", at, of, legend, failed)


def _legend(rows: Rows, color: str) -> Legend:
    drawn = drawn_by(rows)
    return drawn.legend(rows, color) if drawn is not None and len(rows.names) > 1 else ()


def _note(found: Followed | ExplorerError | None) -> str:
    if isinstance(found, Points) and found.without:
        return f"{count_text(found.without)} without a value are no points."
    if isinstance(found, Cells) and kind_of(found.chart).each_session:
        return f"More than {count_text(MOST_POINTS)} sessions: each is counted in its cell."
    return ""
