"""The report: everything that is known of an analysis, on one page that needs nothing else."""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

import bokeh
import numpy as np
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from explorer.charts import robustness_texts, theme
from explorer.charts.contrast_texts import METHOD, selection_words
from explorer.charts.figure.moments import Moment, in_bins, moments_of, outside_text
from explorer.charts.robustness_texts import left_out_text, sentences
from explorer.charts.titles import chart_subtitle, chart_title, without_words
from explorer.crossfilter.bins.binning import AUTOMATIC, DIMENSIONS, Binning
from explorer.crossfilter.bins.bins import Bins
from explorer.crossfilter.bins.categories import Categories
from explorer.crossfilter.cards import Card, cards, dimensions
from explorer.crossfilter.counting import Axis
from explorer.crossfilter.cube import Counts
from explorer.crossfilter.formats import NOTHING, count_text, many, time_text
from explorer.crossfilter.selections.brushes import Brush, Range
from explorer.crossfilter.selections.selection import Selection
from explorer.engine.coded import Coded
from explorer.engine.engine import Engine
from explorer.engine.robustness import robustness
from explorer.errors import SpecError, located
from explorer.events.files.source_name import name_or
from explorer.exports.whole_file import check_folder, whole
from explorer.plan.check import check
from explorer.report.drawings import Plane, annotated
from explorer.report.embedded import embedded
from explorer.report.figures import brushed_figures
from explorer.report.layout import held_bins, how_brushed, layout, not_brushed
from explorer.report.notes import notes_html
from explorer.report.numbers import key_numbers, metric_text
from explorer.report.packed_sessions import MOST_SESSIONS, deflated, pack
from explorer.report.path_drawing import paths_answer
from explorer.report.reproduce import python_code, sql_code
from explorer.report.retention import noted
from explorer.report.session_ids import held_against_ids
from explorer.report.static_charts import answered, answered_selected, cells_answer, with_bars
from explorer.report.tables import Answer, differences, inactivity_table, top_actors, top_sessions
from explorer.spec.analysis import Analysis
from explorer.spec.charts.chart import Chart, standard
from explorer.spec.prose import actor_metric_sentence, cohort_sentence, definition_sentence, metric_sentence, why_empty
from explorer.spec.session import SessionDefinition

HERE = Path(__file__).parent
# A session is outside a brush by one bit of 32.
MOST_BRUSHED = 30
UNBRUSHED = Selection()
SCRIPTS = ("../crossfilter/crossfilter.js", "../crossfilter/keyboard.js", "local.js", "page.js", "read_sessions.js")


def report(
    engine: Engine,
    analysis: Analysis,
    path: str | Path,
    *,
    title: str = "",
    notes: str = "",
    session: str = "",
    selection: Selection = UNBRUSHED,
    against: Selection | None = None,
    inactivities: bool = False,
    ids: str = "",
) -> Path:
    """Write the report of an analysis to a file; raises SourceError where that cannot be, SpecError as `html` does."""
    path = Path(path)
    check_folder(path)
    asked: dict[str, Any] = {
        "session": session,
        "selection": selection,
        "against": against,
        "inactivities": inactivities,
        "ids": ids,
    }
    text = html(engine, analysis, title=title, notes=notes, file=path.name, **asked)
    with whole(path) as part:
        part.write_text(text, encoding="utf-8")
    return path


def html(
    engine: Engine,
    analysis: Analysis,
    *,
    title: str = "",
    notes: str = "",
    session: str = "",
    file: str = "report.html",
    selection: Selection = UNBRUSHED,
    against: Selection | None = None,
    inactivities: bool = False,
    ids: str = "",
) -> str:
    """The report as text; `session` is the definition whose charts are brushed, the first where none is named.

    `title` and `notes` (Markdown) take the place of the analysis's own. The brushes of the `selection` stand when the
    file is opened, and can be cleared there; what is different about it is held `against` another, or all others. With
    `inactivities` it says how much the choice of inactivity matters, for which the sessions are cut at many others.
    `ids` is a column of session ids that the definition is held against, and whose rules are looked for. Raises
    SpecError for what does not fit.
    """
    engine = engine.under(analysis)
    analysis = analysis.replace(title=title or analysis.title, notes=notes or analysis.notes)
    for problem in check(analysis, engine.schema):
        raise problem
    shown = analysis.session(session) if session else analysis.sessions[0]
    charts = tuple(chart for chart in analysis.charts if chart.session == shown.name)
    coded, brushed, others = linked(engine, shown, charts, selection)
    packed = pack(coded, MOST_SESSIONS)
    moments = moments_of(analysis.annotations, engine.zone)
    standing, left_out = held_bins(coded, brushed, selection)
    held = Selection(tuple((name, selection[name]) for name in standing))
    code = python_code(engine, analysis, shown, file)
    sql, no_sql = sql_code(engine, shown)
    return _environment().get_template("page.html").render(
        heading=analysis.title or heading(engine),
        notes=notes_html(analysis.notes),
        moments=moments,
        embedded=Markup(embedded(analysis)),
        source=_source(engine),
        facts=_facts(engine),
        span=_span(engine),
        quality=[*_quality(engine), *_of_metrics(engine, analysis)],
        first=_section(engine, analysis, shown, coded, others, held),
        others=[_section(engine, analysis, each) for each in analysis.sessions if each != shown],
        charts=_charts(engine, coded, brushed, moments),
        brushed=how_brushed(coded, packed),
        left_out=not_brushed(left_out),
        different=_different(engine, coded, brushed, held, against),
        robust=_robust(engine, shown, charts) if inactivities else None,
        ids=held_against_ids(engine, shown, ids) if ids else None,
        tables=[top_sessions(engine, coded, held, analysis.links), top_actors(engine, coded)],
        yaml=analysis.to_yaml(),
        python=code,
        sql=sql,
        no_sql=no_sql,
        layout=deflated(json.dumps(layout(coded, packed, (*brushed, *others), standing, held)).encode()),
        opened=bool(standing),
        sampled=packed.sessions < coded.total,
        codes=packed.data,
        figures=_in_script(brushed_figures(coded, brushed, moments)),
        made=time_text(int(datetime.now(UTC).timestamp()) * 1_000_000),
        nonce=secrets.token_urlsafe(16),
        colors=theme.COLORS,
        css=_read("page.css"),
        scripts=[_bokeh(), _ours()],
    )  # fmt: skip


# ---- the parts of the page


def linked(
    engine: Engine, definition: SessionDefinition, charts: tuple[Chart, ...], selection: Selection = UNBRUSHED
) -> tuple[Coded, list[Card], list[Card]]:
    """The sessions with all that is brushed, the charts that are, and all others; the standard ones are always there.

    Beyond MOST_BRUSHED dimensions, and where one cannot be binned, a chart is drawn once. Bars are cut where a brush of
    the `selection` ends within one.
    """
    actor = engine.columns.actor_name
    span = engine.quality.last - engine.quality.first
    found = cards((*charts, *standard(definition.name, actor)), actor, span)
    asked = dimensions([card.chart for card in found], actor, span)
    few = dict(list((dict(DIMENSIONS) | asked).items())[:MOST_BRUSHED])
    cut = {name: replace(binning, cuts=_ends(selection.get(name))) for name, binning in few.items()}
    coded = engine.cut(definition).coded(cut)
    brushed = [card for card in found if card.dimension in coded.dimensions]
    return coded, brushed, [card for card in found[: len(charts)] if card not in brushed]


def _ends(brush: Brush | None) -> tuple[float, ...]:
    """Where a brush ends that bars can hold."""
    if not isinstance(brush, Range) or brush.negated or brush.none:
        return ()
    return tuple(end for end in (brush.lo, brush.hi) if end is not None)


def _different(
    engine: Engine, coded: Coded, shown: Iterable[Card], selection: Selection, against: Selection | None
) -> dict[str, Any] | None:
    """What is different about the selection, as sentences and a table; None where nothing is selected."""
    if not selection:
        return None
    if against:
        binnings = {card.dimension: Binning.of(card.chart) for card in shown}
        names = dict.fromkeys((*selection, *against))
        coded = engine.cut(coded.definition).coded({name: binnings.get(name, AUTOMATIC) for name in names})
        if coded.holding(against) != against:
            with located("against"):
                raise SpecError("What is compared with cannot be brushed: it has other values.")
    found = coded.different(selection, against or None)
    table = differences(found, selection_words(against, coded.dimensions) if against else "")
    return {"sentences": found.sentences, "table": table, "method": METHOD}


def _robust(engine: Engine, definition: SessionDefinition, charts: tuple[Chart, ...]) -> dict[str, Any]:
    """How much the choice of inactivity matters, as sentences and a table."""
    *_, found = robustness(engine, definition, charts)
    zone = engine.zone
    note = left_out_text(found.left_out)
    table = inactivity_table(found, zone, note)
    return {"sentences": sentences(found, zone), "table": table, "method": robustness_texts.METHOD}


def _section(
    engine: Engine,
    analysis: Analysis,
    definition: SessionDefinition,
    coded: Coded | None = None,
    others: Iterable[Card] | None = None,
    selection: Selection = UNBRUSHED,
) -> dict[str, Any]:
    """A definition in words, its key numbers and metrics, and those of its charts that are not figures here; what no
    brush of the file can change is there for the `selection` as well."""
    drawn = coded or engine.cut(definition).coded()
    actor, zone = engine.columns.actor_name, engine.zone or "no time zone"
    notes = moments_of(analysis.annotations, engine.zone)
    if others is None:
        others = cards((chart for chart in analysis.charts if chart.session == definition.name), actor)
    return {
        "definition": definition,
        "sentence": definition_sentence(definition, actor),
        "metrics": [
            *((metric_sentence(metric), _metric(drawn, metric.name, selection)) for metric in definition.metrics),
            *((f"Per {actor}: {actor_metric_sentence(metric)}", ()) for metric in definition.actor_metrics),
            *((cohort_sentence(each), ()) for each in analysis.cohorts if each.session == definition.name),
        ],
        "numbers": key_numbers(drawn.numbers(Selection())),
        "empty": why_empty(definition) if not drawn.total else "",
        "answers": [
            {
                "all": (cells_answer(coded, card, zone) if coded else None)
                or _answer(engine, drawn, card.chart, UNBRUSHED, notes),
                "opened": _answer(engine, drawn, card.chart, selection, notes) if selection else None,
            }
            for card in with_bars(others)
        ],
    }


def _answer(engine: Engine, coded: Coded, chart: Chart, selection: Selection, notes: tuple[Moment, ...] = ()) -> Answer:
    """A chart that is drawn once, of all sessions or of the selected; over time with notes on moments."""
    if chart.kind == "paths":
        return paths_answer(coded, chart, selection)
    its = answered_selected(coded, chart, selection) if selection else answered(engine, chart, coded.definition)
    if its.kind == "retention":
        return noted(its, notes)
    if not isinstance(its.drawn, Plane):
        return its
    drawn, outside = annotated(its.drawn, notes)
    return replace(its, drawn=drawn, note=" ".join(filter(None, (its.note, outside and f"{outside}."))))


def _metric(coded: Coded, name: str, selection: Selection) -> tuple[str, ...]:
    """What a metric comes to in all sessions and, where there is a selection, in the selected."""
    found = [metric_text(coded.metric(name, UNBRUSHED))]
    return (*found, metric_text(coded.metric(name, selection), "selected")) if selection else tuple(found)


def _charts(engine: Engine, coded: Coded, brushed: Iterable[Card], moments: tuple[Moment, ...]) -> list[dict[str, Any]]:
    """The linked charts: titles, and the table behind each."""
    zone, totals = engine.zone or "no time zone", coded.totals()
    found = []
    for at, card in enumerate(brushed):
        name, each = card.dimension, coded.dimensions[card.dimension]
        counts = np.cumsum(totals[name]) if card.chart.cumulative else totals[name]
        found.append(
            {
                "name": name,
                "id": f"chart-{at}",
                "title": card.chart.title or chart_title(name),
                "subtitle": chart_subtitle(name, coded.definition, zone, engine.cohorts),
                "without": " ".join(filter(None, (_without(each, totals[name]), _outside(each, moments)))),
                "counted": "Actors" if each.per_actor else "Sessions",
                "named": isinstance(each.bins, Categories),
                "wide": card.chart.size in ("wide", "large"),
                "rows": list(zip(each.bins.labels, counts.tolist(), strict=True)),
            }
        )
    return found


def _outside(each: Axis, moments: tuple[Moment, ...]) -> str:
    """How many notes on moments of time lie outside of a chart over time, as a sentence."""
    if not isinstance(each.bins, Bins) or each.bins.kind != "time":
        return ""
    text = outside_text(moments, in_bins(moments, each.bins))
    return f"{text}." if text else ""


def _without(each: Axis, totals: Counts) -> str:
    """How many have no value, as a sentence."""
    said = without_words(int(totals[-1]) if each.bins.none else 0, "actors" if each.per_actor else "sessions")
    return f"{said}." if said else ""


def heading(engine: Engine) -> str:
    """What a report of an analysis without a title is called."""
    return f"Sessions of {_source(engine)}"


def _source(engine: Engine) -> str:
    return name_or(engine.source, "a data frame")


def _facts(engine: Engine) -> dict[str, str]:
    """What was read, as names and values."""
    columns, quality, zone = engine.columns, engine.quality, engine.zone
    return {
        "Rows": count_text(quality.rows),
        "Events": count_text(quality.events),
        "From": time_text(quality.first, zone),
        "To": time_text(quality.last, zone),
        **({"Most of them": _span(engine)} if engine.quality_report().wrong_clocks else {}),
        "Time zone": zone or "no time zone",
        "Actor": columns.actor_name,
        "Time": columns.time,
        "Event": columns.event or NOTHING,
    }


def _span(engine: Engine) -> str:
    """From when to when the events are; those of a wrong clock, which are far from all others, are only counted."""
    quality, zone = engine.quality_report(), engine.zone
    first, last = quality.usual if quality.wrong_clocks and quality.usual else (quality.first, quality.last)
    said = f"{time_text(first, zone)} to {time_text(last, zone)}"
    far = many(quality.wrong_clocks, "event")
    return f"{said}, and {far} with a wrong clock" if quality.wrong_clocks else said


def _quality(engine: Engine) -> list[str]:
    """What was left out, how times were read, and what is odd about them."""
    quality = engine.quality_report()
    sentence = quality.sentence(engine.columns) or "No row was left out."
    return [sentence, *(f"The times are {said}." for said in quality.said), *quality.remarks(engine.columns)]


def _of_metrics(engine: Engine, analysis: Analysis) -> list[str]:
    """What is worth knowing of the metrics of all definitions, each once."""
    return list(dict.fromkeys(said for each in analysis.sessions for said in engine.cut(each).remarks()))


# ---- what is written into the page


@cache
def _environment() -> Environment:
    return Environment(
        loader=FileSystemLoader(HERE),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def _in_script(values: Any) -> Markup:
    """JSON that can stand in a script element."""
    return Markup(json.dumps(values, separators=(",", ":")).replace("<", "\\u003c"))


@cache
def _read(name: str) -> Markup:
    return Markup((HERE / name).read_text(encoding="utf-8"))


def _ours() -> Markup:
    """Our scripts as one, with names of their own."""
    return Markup("(() => {\n") + Markup("\n").join(map(_read, SCRIPTS)) + Markup("})();")


@cache
def _bokeh() -> Markup:
    folder = Path(bokeh.__file__).parent / "server" / "static" / "js"
    return Markup((folder / "bokeh.min.js").read_text(encoding="utf-8").replace("</script", "<\\/script"))
