"""What an edit would do, as the preview shows it: pure functions over an engine, for a worker thread."""

from __future__ import annotations

import polars as pl

from explorer.charts.figure.cells import column_texts
from explorer.crossfilter.formats import count_text, duration_text, percent_text
from explorer.engine.answers.trial import Totals
from explorer.engine.engine import Engine
from explorer.plan.check import checked
from explorer.spec.analysis import Analysis
from explorer.spec.cohort import Cohort
from explorer.spec.editing.edits import cohort_changed
from explorer.spec.expression.clause import Clause
from explorer.spec.expression.muted import active
from explorer.spec.metric import ActorMetric, Metric
from explorer.spec.prose import actor_metric_sentence, cohort_sentence, definition_sentence, metric_sentence
from explorer.spec.session import SessionDefinition
from widgets.definition.preview import Bars, Change, Sample, Shown
from widgets.definition.rule_labels import signed

MOST = 5


def tried_rule(engine: Engine, before: SessionDefinition, after: SessionDefinition, role: str) -> Shown:
    """The totals now and then, and events or sessions that match; raises SpecError."""
    checked(after, engine.columns, engine.schema, engine.cohorts)
    then = engine.cut(after).totals()
    numbers = changes(engine.cut(before).totals(), then)
    clause = getattr(after, role, None)
    said = definition_sentence(after, engine.columns.actor_name)
    if not isinstance(clause, Clause) or active(clause) is None:
        return Shown(said, numbers)
    return Shown(said, numbers, sample=_sessions(engine, after, clause) if role == "keep" else _events(engine, clause))


def changes(now: Totals, then: Totals) -> tuple[Change, ...]:
    """Sessions, actors and events, and how far they are from now."""
    found = []
    for label, before, after in (
        ("Sessions", now.sessions, then.sessions),
        ("Actors", now.actors, then.actors),
        ("Events", now.events, then.events),
    ):
        difference = after - before
        share = f" · {signed_percent(difference / before)}" if before and difference else ""
        delta = f"{signed(difference)}{share}" if difference else ""
        tone = "more" if difference > 0 else "less" if difference < 0 else ""
        found.append(Change(label, count_text(before), count_text(after), delta, tone))
    return tuple(found)


def signed_percent(share: float) -> str:
    """A change as a share, with its sign.

    >>> signed_percent(0.125), signed_percent(-0.5)
    ('+12.5 %', '−50.0 %')
    """
    return ("+" if share > 0 else "−") + percent_text(abs(share))


def tried_metric(engine: Engine, definition: SessionDefinition, place: int) -> Shown:
    """A metric of a definition: where it has a value, what values, five sessions, what it costs; raises SpecError."""
    metric = definition.metrics[place]
    none = "No session has a value: the conditions match nothing."
    return _tried(engine, definition, metric, "sessions", unnamed(metric_sentence(metric)), none)


def _tried(
    engine: Engine, definition: SessionDefinition, metric: Metric | ActorMetric, what: str, said: str, none: str
) -> Shown:
    checked(definition, engine.columns, engine.schema, engine.cohorts)
    found = engine.cut(definition).trial(metric)
    share = percent_text(found.with_value / found.total) if found.total else "–"
    titled = what.capitalize()
    facts = (
        (f"{titled} with a value", f"{count_text(found.with_value)} of {count_text(found.total)} · {share}"),
        *((label.capitalize(), text) for label, text in found.summary),
        ("Computed in", duration_text(1_000 * max(1, found.milliseconds))),
    )
    labels = [label for label, _ in found.bars]
    bars = Bars(f"{titled} by value", found.bars, _marks(labels)) if found.with_value else Bars()
    sample = _table(f"{titled} with a value", found.examples, engine, none)
    return Shown(said, bars=bars, facts=facts, sample=sample)


def tried_actor_metric(engine: Engine, definition: SessionDefinition, place: int) -> Shown:
    """The same for an actor metric: for how many actors it has a value, what values, five actors; raises SpecError."""
    metric = definition.actor_metrics[place]
    none = "No actor has a value: the conditions match nothing."
    return _tried(engine, definition, metric, "actors", unnamed(actor_metric_sentence(metric)), none)


def tried_cohort(engine: Engine, analysis: Analysis, place: int, cohort: Cohort) -> Shown:
    """Who would belong to a cohort at a place of the analysis: how many, their sessions, five of them; raises
    SpecError."""
    under = engine.under(cohort_changed(analysis, place, cohort))
    found = under.cut(analysis.session(cohort.session)).cohort(cohort, MOST)
    share = percent_text(found.actors / max(1, found.all_actors))
    facts = (
        ("Actors who belong", f"{count_text(found.actors)} of {count_text(found.all_actors)} · {share}"),
        ("Their sessions", f"{count_text(found.sessions)} of {count_text(found.all_sessions)}"),
    )
    sample = _table("Actors who belong", found.some, under, "No actor belongs: the condition matches nobody.")
    return Shown(unnamed(cohort_sentence(cohort)), facts=facts, sample=sample)


def unnamed(sentence: str) -> str:
    """What something is, without its name before it: the name stands in the field above.

    >>> unnamed("purchases: events where event is 'purchase'.")
    "Events where event is 'purchase'."
    """
    said = sentence.partition(": ")[2]
    return said[:1].upper() + said[1:]


def _marks(labels: list[str]) -> tuple[str, ...]:
    """The labels below a distribution: all of a few, otherwise the ends and the middle."""
    return tuple(labels) if len(labels) <= 4 else (labels[0], labels[len(labels) // 2], labels[-1])


def _events(engine: Engine, clause: Clause) -> Sample:
    return _table("Matching events, from first to last", engine.sample(clause, MOST), engine, "No event matches.")


def _sessions(engine: Engine, definition: SessionDefinition, clause: Clause) -> Sample:
    found = engine.cut(definition).sample(clause, MOST)
    names = ["session_id", "start", "duration", "event_count", *(metric.name for metric in definition.metrics)]
    return _table("Matching sessions, from first to last", found.select(names), engine, "No session matches.")


def _table(title: str, frame: pl.DataFrame, engine: Engine, none: str) -> Sample:
    texts = [column_texts(column, engine.columns.time_zone) for column in frame.iter_columns()]
    return Sample(title, tuple(frame.columns), tuple(zip(*texts, strict=True)), none)
