"""Everything that happens in the lists beside the page: the definitions, and the rules and metrics of the one shown."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from typing import Any

from explorer.crossfilter.formats import count_text, percent_text
from explorer.engine.answers.trial import Covered, Totals
from explorer.engine.engine import Engine
from explorer.errors import ExplorerError, SpecError
from explorer.spec.editing.edits import free_name
from explorer.spec.session import SessionDefinition
from explorer.state import Explorer
from widgets.charts.chart_menu import is_named
from widgets.definition.definitions import DefinitionList
from widgets.definition.rule_labels import NEW_ACTOR_METRIC, NEW_COHORT, NEW_METRIC, ROLES, groups
from widgets.definition.rules import RuleList
from widgets.parts.latest_task import Latest

MOST_SPLITS = 12

ROUNDED = "beyond 64 bits: decimals, exact to 15 digits"


class Outline:
    """Connects the list of definitions and the list of rules with the document, and finds out what each does."""

    def __init__(self, state: Explorer, definitions: DefinitionList, rules: RuleList) -> None:
        self.state, self.definitions, self.rules = state, definitions, rules
        self._effects = Latest[tuple[str, tuple[Totals, Totals]] | None](self._show_effect, lambda _: None)
        self._untold: Iterator[tuple[str, tuple[Totals, Totals]]] = iter(())
        self._sessions = Latest[dict[SessionDefinition, str]](self._show_sessions, lambda _: None)
        self._splits = Latest[dict[str, Any]](self._show_splits, lambda _: None)
        self._valued = Latest[tuple[dict[str, str], tuple[str, ...]]](self._show_actors, lambda _: None)
        self._actors: dict[str, str] = {}
        self._rounded: tuple[str, ...] = ()
        self._known: dict[str, tuple[Totals, Totals]] = {}
        self._fresh: dict[str, tuple[Totals, Totals]] = {}
        rules.param.watch(lambda event: self._want(*event.new), "wanted")
        definitions.param.watch(lambda *_: self._take_definitions(), ["value", "shown"])
        self.state.param.watch(lambda *_: self.show(), ["analysis", "session"])
        self.state.param.watch(lambda *_: self._look(), "drawn")
        self.show()

    def show(self) -> None:
        """Show the document as it is now."""
        state = self.state
        self.definitions.param.update(value=state.analysis, shown=state.definition.name)
        if self._known and state.drawn is not None and state.drawn.definition != state.definition:
            self._known = {}
        self._show_rules()

    def _show_rules(self) -> None:
        self.rules.value = groups(self.state.definition, self._known, self._coverage(), self.state.analysis.cohorts)

    def _coverage(self) -> dict[str, str]:
        """In how many sessions each metric has a value."""
        drawn = self.state.drawn
        if drawn is None or drawn.definition.metrics != self.state.definition.metrics or not drawn.total:
            return self._actors
        total, filled = drawn.total, drawn.valued
        told = self._actors | {
            name: "in every session"
            if count == total
            else f"in {count_text(count)} sessions · {percent_text(count / total)}"
            for name, count in filled.items()
        }
        return {name: f"{text} · {ROUNDED}" if name in self._rounded else text for name, text in told.items()}

    def _look(self) -> None:
        """What takes a moment to find out, after a picture is drawn."""
        engine, definition, analysis = self.state.engine, self.state.on_page.definition, self.state.analysis
        self._show_rules()
        self._valued.run(lambda: _told(engine, definition))
        self._untold, self._fresh = _effects(engine, definition), {}
        self._next_effect()
        self._splits.run(engine.menu)
        self._sessions.run(lambda: _session_counts(engine, analysis.sessions))

    def _next_effect(self) -> None:
        untold = self._untold
        self._effects.run(lambda: next(untold, None))

    def _show_effect(self, found: tuple[str, tuple[Totals, Totals]] | None) -> None:
        if found is None:
            self._known = self._fresh
            self._show_rules()
            return
        self._fresh = self._fresh | dict([found])
        self._known = self._known | self._fresh
        self._show_rules()
        self._next_effect()

    def _show_actors(self, found: tuple[dict[str, str], tuple[str, ...]]) -> None:
        self._actors, self._rounded = found
        self._show_rules()

    def _show_sessions(self, found: dict[SessionDefinition, str]) -> None:
        self.definitions.counts = found

    def _show_splits(self, columns: dict[str, Any]) -> None:
        """Offer a definition for each value of the columns that have a few."""
        roles = (*self.state.engine.columns.actor, self.state.engine.columns.event)
        self.definitions.splits = {
            name: [value for value, _ in column["values"]]
            for name, column in columns.items()
            if name not in roles and column["type"] == "text" and 1 < column.get("distinct", 0) <= MOST_SPLITS
        }

    def _take_definitions(self) -> None:
        made, shown = self.definitions.value, self.definitions.shown
        if made != self.state.analysis or shown != self.state.definition.name:
            self.state.param.update(analysis=made, session=shown)

    def _want(self, what: str, key: str) -> None:
        match what:
            case "remove" if key.startswith(NEW_COHORT):
                name, analysis = key.removeprefix(NEW_COHORT), self.state.analysis
                left = tuple(one for one in analysis.cohorts if one.name != name)
                self.state.analysis = analysis.replace(cohorts=left)
            case "remove" if key in ROLES:
                self.state.define(**{key: SessionDefinition.__dataclass_fields__[key].default})
            case "remove" | "duplicate" | "up" | "down":
                self._rearrange(what, *_metric_of(key))
            case "chart":
                name, _ = _metric_of(key)
                if name not in (card.key for card in self.state.cards):
                    self.state.show_chart(name, named=is_named(name, self.state))

    def _rearrange(self, what: str, name: str, field: str) -> None:
        definition = self.state.definition
        metrics = list[Any](getattr(definition, field))
        at = next(place for place, metric in enumerate(metrics) if metric.name == name)
        if what == "duplicate":
            known = [*(each.name for each in definition.metrics), *definition.actor_values]
            copy = metrics[at].replace(name=free_name(name, [*self.state.engine.schema, *known]))
            metrics.insert(at + 1, copy)
        else:
            metric = metrics.pop(at)
            if what != "remove":
                metrics.insert(max(0, at - 1) if what == "up" else at + 1, metric)
        self.state.define(**{field: tuple(metrics)})


def _metric_of(key: str) -> tuple[str, str]:
    """The name of the metric or cohort in a row's key, and the field that holds it."""
    if key.startswith(NEW_COHORT):
        return key.removeprefix(NEW_COHORT), "cohorts"
    if key.startswith(NEW_ACTOR_METRIC):
        return key.removeprefix(NEW_ACTOR_METRIC), "actor_metrics"
    return key.removeprefix(NEW_METRIC), "metrics"


def _effects(engine: Engine, definition: SessionDefinition) -> Iterator[tuple[str, tuple[Totals, Totals]]]:
    yield from engine.cut(definition).each_effect()


def _told(engine: Engine, definition: SessionDefinition) -> tuple[dict[str, str], tuple[str, ...]]:
    """What is said of actor metrics and cohorts, and the names of the sums that are rounded."""
    cut = engine.cut(definition)
    try:
        rounded = cut.inexact()
    except SpecError:  # said where the metric is
        rounded = ()
    return _of_cohorts(engine) | {name: _of_actors(found) for name, found in cut.covered().items()}, rounded


def _of_cohorts(engine: Engine) -> dict[str, str]:
    """How many actors belong to each cohort."""
    counts, total = engine.cohort_sizes()
    return {
        name: f"{count_text(count)} actors · {percent_text(count / max(1, total))}" for name, count in counts.items()
    }


def _of_actors(found: Covered | str) -> str:
    """For how many actors an actor metric has a value; why, where it cannot be computed."""
    if isinstance(found, str):
        return found
    if found.count == found.total and found.total:
        return "of every actor"
    share = percent_text(found.count / found.total) if found.total else ""
    return f"of {count_text(found.count)} actors · {share}" if share else "of no actor"


def _session_counts(engine: Engine, definitions: tuple[SessionDefinition, ...]) -> dict[SessionDefinition, str]:
    """The sessions of each definition; one that cannot be cut has none."""
    found = {}
    for definition in definitions:
        with suppress(ExplorerError):
            found[definition] = count_text(engine.cut(definition).totals().sessions)
    return found
