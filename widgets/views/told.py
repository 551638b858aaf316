"""What each view comes to, as the picture in a notebook says it: sentences and a few rows, asked when it is made."""

from __future__ import annotations

from collections.abc import Callable

from explorer.charts.contrast_texts import compared_text, contrast_text, counted_text
from explorer.charts.robustness_texts import holds_text, sentences, title_of, value_text
from explorer.crossfilter.bins.funnel_steps import step_names
from explorer.crossfilter.cards import named_funnels, named_paths
from explorer.crossfilter.formats import count_text, duration_text, percent_text
from explorer.crossfilter.key_numbers import KEY_NUMBERS
from explorer.crossfilter.selections.selection import Selection
from explorer.engine.answers.actors import Ranking
from explorer.engine.robustness import robustness as tries
from explorer.spec.charts.chart import Chart
from explorer.state import Explorer
from widgets.notebook.told import MOST_ROWS, Told
from widgets.views.actors.actor_texts import (
    NOBODY,
    concentration_sentences,
    ranking_columns,
    ranking_rows,
    ranking_said,
)
from widgets.views.compare.compare_sides import find, rows, ways
from widgets.views.compare.compare_table import Choice, rows_told
from widgets.views.different.contrast_rows import UNSELECTED

NO_EVENT = "No column says what happened in an event."
TRIED_AGAIN = 1_000_000


def inside(state: Explorer) -> Told:
    """The paths in a sentence, and how far each funnel is passed."""
    walked, passed = paths(state), funnel(state)
    return Told("", [*walked.sentences, *(passed.sentences if passed.rows else [])], passed.headings, passed.rows)


def paths(state: Explorer) -> Told:
    """Each chart of paths in a sentence."""
    drawn, selection = state.on_page, state.on_page.holding(state.selection)
    asked = list(named_paths(state.beside).values())
    if not asked and state.engine.columns.event:
        asked = [Chart("paths", state.definition.name, of=state.engine.columns.event)]
    said = [drawn.paths(each.route, selection).sentence for each in asked if each.of or state.engine.columns.event]
    return Told("", said or [NO_EVENT])


def funnel(state: Explorer) -> Told:
    """How far each funnel is passed."""
    drawn, selection = state.on_page, state.on_page.holding(state.selection)
    passed = []
    for chart in named_funnels(state.funnels).values():
        counts = drawn.funnel(chart.funnel, selection)
        for at, name in enumerate(step_names(chart.funnel)):
            passed.append([name, count_text(counts.reached[at]), percent_text(counts.from_first(at) or 0.0)])
    said = [] if passed else ["No funnel has a step yet."]
    return Told("", said, ["Step", "Sessions", "Of the first"] if passed else [], passed)


def actors(state: Explorer) -> Told:
    """How time is shared out, and who has most."""
    drawn, selection = state.on_page, state.on_page.holding(state.selection)
    all, selected = drawn.shares(Selection()), drawn.shares(selection) if selection else None
    if not all.total:
        return Told("", [NOBODY])
    page = drawn.ranking(Ranking(size=MOST_ROWS), selection)
    columns = ranking_columns(state.engine.columns.actor, page.selected is not None, state.definition.actor_metrics)
    texts = [
        [str(cell[0] if isinstance(cell, list) else cell) for cell in row]
        for row in ranking_rows(page, 0, state.engine.zone)
    ]
    said = [*concentration_sentences(all, selected), ranking_said(page, "")]
    return Told("", said, [column["title"] for column in columns], texts)


def returning(state: Explorer) -> Told:
    """Who comes back, by row and return."""
    found = state.on_page.retention(state.retention, state.on_page.holding(state.selection))
    if found.problem:
        return Told("", [found.problem])
    shown = [*found.rows, found.total]
    texts = [
        [
            "all actors" if row is found.total else row.label,
            count_text(row.actors),
            *(percent_text(share) if (share := row.share(at)) is not None else "" for at in range(len(found.names))),
        ]
        for row in shown
    ]
    return Told("", [*found.sentences, found.caution], ["First", "Actors", *found.names], texts)


def different(state: Explorer) -> Told:
    """What the selected sessions have more or less often, the largest differences first."""
    drawn, selection = state.on_page, state.on_page.holding(state.selection)
    if not selection:
        return Told("", [UNSELECTED])
    found = drawn.different(selection, state.against)
    if found.problem:
        return Told("", [found.problem])
    texts = [contrast_text(row) for row in found.rows[:MOST_ROWS]]
    said = [*found.sentences, compared_text(found), counted_text(found)]
    cells = [[each.what, each.value, each.here, each.there, each.difference] for each in texts]
    return Told("", said, ["What", "", "Selected", "Others", "Difference"], cells)


def inactivity(state: Explorer) -> Told:
    """What the gaps suggest, and the inactivity as it is."""
    found = state.engine.cut(state.definition).suggested()
    said = f"Suggested: {found.suggestion}. {found.reason}" if found.suggestion else found.reason
    return Told("", [f"Sessions end after {duration_text(state.definition.inactivity.us)} without an event.", said])


def robustness(state: Explorer) -> Told:
    """The key numbers, and from where to where each holds. Of very many events it is not tried again for a picture."""
    engine = state.engine
    if engine.is_table or engine.quality.events > TRIED_AGAIN:
        return Told("", ["Other inactivities are tried where this is live."])
    *_, found = tries(engine, state.definition)
    now = found.now.us
    texts = [[title_of(row), value_text(row, now, engine.zone), holds_text(row, found)] for row in found.rows]
    return Told("", sentences(found, engine.zone), ["", f"At {found.now}", "Holds from where to where"], texts)


def compare(state: Explorer) -> Told:
    """The key numbers of each definition."""
    found = find(state.engine, ways(state.analysis, Choice()))
    base = found.good[0] if found.good else None
    shown = rows(found, base, state.engine.columns.actor_name)
    problems = [f"{row.name}: {row.error}" for row in shown if row.error]
    return Told("", problems, ["", *(each.label for each in KEY_NUMBERS)], rows_told(shown))


TOLD: dict[str, Callable[[Explorer], Told]] = {
    "inside": inside,
    "paths": paths,
    "funnel": funnel,
    "actors": actors,
    "return": returning,
    "different": different,
    "inactivity": inactivity,
    "robustness": robustness,
    "compare": compare,
}
