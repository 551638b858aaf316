"""What the cards of charts say: their titles, questions and legends, and what is not shown as the question says."""

from __future__ import annotations

from explorer.charts.figure.moments import in_bins, in_steps, moments_of, outside_text
from explorer.charts.figure.time_axis import moments as step_moments
from explorer.charts.figure.time_axis import step_times
from explorer.charts.kinds.heat import HeatChart
from explorer.charts.kinds.table import drawn_by
from explorer.charts.shares import why_counts
from explorer.charts.theme import definition_colors
from explorer.charts.titles import asked_title, chart_question, chart_subtitle, chart_title, without_words
from explorer.crossfilter.bins.bins import Bins
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
        question = chart_subtitle(
            card.dimension, state.definition, zone, [cohort.name for cohort in state.analysis.cohorts]
        )
    else:
        title, question = asked_title(chart), chart_question(chart, zone)
    failed = isinstance(found, ExplorerError)
    said = str(found) if failed else " ".join(filter(None, (question, _note(found), _why_counts(state, found))))
    color = definition_colors(state.analysis)[state.definition.name]
    legend = (*_legend(found, color), *_left_out(state, card, found))
    count, some, things = (0, False, "sessions") if failed else _without(state, card, found)
    blanks = chart.blanks if count and some else None
    return Face(
        chart.title or title, said, chart.size or "", at, of, legend, failed, without_words(count, things), blanks,
        _is_timed(card),
    )  # fmt: skip


def _is_timed(card: Card) -> bool:
    """Whether notes on moments of time stand in its figure."""
    if card.dimension:
        return card.dimension == "start"
    return kind_of(card.chart).shown_as == "figure" and kind_of(card.chart).goes_over_time(card.chart)


def _left_out(state: Explorer, card: Card, found: Followed | ExplorerError | None) -> Legend:
    """How many notes on moments of time lie outside of what is shown."""
    moments = moments_of(state.analysis.annotations, state.engine.zone) if _is_timed(card) else ()
    if not moments:
        return ()
    if isinstance(found, Rows):
        shown = in_steps(moments, step_moments(step_times(found.frame[found.names[0]])))
    else:
        bins = state.drawn.bins(card.dimension) if state.drawn is not None and card.dimension else None
        shown = in_bins(moments, bins) if isinstance(bins, Bins) else [(0.0, each) for each in moments]
    text = outside_text(moments, shown)
    return (("transparent", text),) if text else ()


def _without(state: Explorer, card: Card, found: Followed | ExplorerError | None) -> tuple[int, bool, str]:
    """How many sessions or actors have no value along the axes, whether others have one, and which of the two."""
    if isinstance(found, Cells):
        return (
            found.without,
            bool(found.held[tuple(slice(-each.bins.none or None) for each in found.axes)].any()),
            "sessions",
        )
    drawn = state.drawn
    if drawn is None or card.dimension not in drawn.dimensions:
        return 0, False, "sessions"
    each, totals = drawn.dimensions[card.dimension], drawn.totals()[card.dimension]
    things = "actors" if each.per_actor else "sessions"
    return (int(totals[-1]), bool(totals[:-1].any()), things) if each.bins.none else (0, False, things)


def _legend(rows: Followed | ExplorerError | None, color: str) -> Legend:
    if isinstance(rows, Cells):
        drawn_cells = drawn_by(rows)
        return HeatChart().legend(rows, color) if drawn_cells is HeatChart else ()
    if not isinstance(rows, Rows):
        return ()
    drawn = drawn_by(rows)
    return drawn.legend(rows, color) if drawn is not None and (len(rows.names) > 1 or rows.chart.previous) else ()


def _why_counts(state: Explorer, found: Followed | ExplorerError | None) -> str:
    """Why this chart shows no shares where the others do."""
    return why_counts(found) if state.shares and isinstance(found, Rows | Cells | Points) else ""


def _note(found: Followed | ExplorerError | None) -> str:
    if isinstance(found, Points) and found.without:
        return f"{count_text(found.without)} without a value are no points."
    if isinstance(found, Cells) and kind_of(found.chart).each_session:
        return f"More than {count_text(MOST_POINTS)} sessions: each is counted in its cell."
    return ""
