"""The still picture of an explorer as it is now."""

from __future__ import annotations

from collections.abc import Collection

from explorer.charts.figure.moments import moments_of
from explorer.charts.theme import definition_colors
from explorer.charts.titles import asked_title, chart_title
from explorer.crossfilter.formats import count_text
from explorer.events.files.source_name import name_or
from explorer.report.still import still
from explorer.spec.prose import definition_sentence, why_empty
from explorer.state import Explorer


def still_picture(
    state: Explorer, *, keys: Collection[str] | None = None, charts_only: bool = False, note: str = ""
) -> str:
    """Heading, sentence, key numbers and charts, or only charts: those with these keys, or all. Those that follow
    brushes are named and not drawn.
    """
    drawn = state.drawn
    if drawn is None:
        return ""
    cards = [card for card in state.cards if keys is None or card.key in keys]
    titles = {card.dimension: card.chart.title or chart_title(card.dimension) for card in cards if card.dimension}
    missing = [title for name, title in titles.items() if name not in drawn.dimensions]
    others = [card.chart.title or asked_title(card.chart) for card in cards if not card.dimension]
    engine, definition = state.engine, drawn.definition
    words = {}
    if not charts_only:
        name = name_or(engine.source, "a data frame")
        left_out = engine.quality.sentence(engine.columns)
        words = {
            "heading": f"{definition.name}: sessions of {name}, {count_text(engine.quality.events)} events",
            "sentence": definition_sentence(definition, engine.columns.actor_name),
            "problems": [why_empty(definition)] if not drawn.total else [left_out] if left_out else [],
        }
    return still(
        drawn,
        state.selection,
        **words,  # type: ignore[arg-type]
        numbers=not charts_only,
        charts=titles,
        others=[*missing, *others],
        color=definition_colors(state.analysis).get(definition.name, "") or "#2f7de1",
        note=note,
        moments=moments_of(state.analysis.annotations, engine.zone),
    )
