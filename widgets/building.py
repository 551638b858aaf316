"""Everything that happens while definitions and metrics are built: editors open, previews follow, edits are applied."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from explorer.crossfilter.formats import count_text, percent_text
from explorer.engine.counting import counts, session_counts
from explorer.engine.effects import Totals, effects, totals
from explorer.engine.local import LocalEngine
from explorer.engine.menu import menu, session_menu
from explorer.engine.recipes import recipes
from explorer.errors import ExplorerError
from explorer.spec.clause import Clause
from explorer.spec.edits import free_name
from explorer.spec.session import SessionDefinition
from widgets.background import Latest
from widgets.filter_builder import FilterBuilder
from widgets.metric_rule import MetricRule
from widgets.presets import PresetRule
from widgets.preview import Shown
from widgets.roles import ADDED, METRIC, NEW_METRIC, PRESET, ROLES, groups
from widgets.rule_editors import BoundaryRule, ClauseRule, LongestRule, MidnightRule, RuleEditor, SplitRule
from widgets.trying import tried_metric, tried_rule

if TYPE_CHECKING:
    from widgets.session_explorer import SessionExplorer

EDITORS: dict[str, Callable[..., RuleEditor]] = {
    "split_by": SplitRule,
    "boundary": BoundaryRule,
    "max_duration": LongestRule,
    "calendar": MidnightRule,
}
MOST_SPLITS = 12


class Building:
    """Connects the list of definitions, the list of rules and the workbench with the document and the engine."""

    def __init__(self, app: SessionExplorer) -> None:
        self.app, self.state, self.bench = app, app.state, app.bench
        self._effects = Latest[dict[str, tuple[Totals, Totals]]](self._show_effects, lambda _: None)
        self._sessions = Latest[dict[SessionDefinition, str]](self._show_sessions, lambda _: None)
        self._splits = Latest[dict[str, Any]](self._show_splits, lambda _: None)
        self._menus = Latest[tuple[Any, Any, Any]](self._show_menus, lambda _: None)
        self._tried = Latest[Shown](self._show_tried, self._refuse, lambda: self.bench.preview.param.update(busy=True))
        self._counted: dict[FilterBuilder, Latest[dict[Clause, int]]] = {}
        self._known: dict[str, tuple[Totals, Totals]] = {}
        app.rules.param.watch(lambda event: self._want(*event.new), "wanted")
        app.bench.param.watch(lambda event: self._apply(event.new), "value")
        app.bench.param.watch(lambda event: self._edit(event.new), "editor")
        app.definitions.param.watch(lambda *_: self._take_definitions(), ["value", "shown"])
        self.state.param.watch(lambda *_: self.show(), ["analysis", "session"])
        self.state.param.watch(lambda *_: self._look(), "drawn")
        self.show()

    # ---- the lists beside the page

    def show(self) -> None:
        """Show the document as it is now."""
        state = self.state
        self.app.definitions.param.update(value=state.analysis, shown=state.definition.name)
        if self._known and state.drawn is not None and state.drawn.definition != state.definition:
            self._known = {}
        self._show_rules()
        if self.bench.editor is not None and self._closes():
            self.bench.close()

    def _closes(self) -> bool:
        """Whether the open editor is of a definition, or a metric, that is not there any more."""
        editor, definition = self.bench.editor, self.state.definition
        if editor.value.name != definition.name:
            return True
        return isinstance(editor, MetricRule) and editor.place > len(definition.metrics)

    def _show_rules(self) -> None:
        self.app.rules.value = groups(self.state.definition, self._known, self._coverage())

    def _coverage(self) -> dict[str, str]:
        """In how many sessions each metric has a value."""
        drawn = self.state.drawn
        if drawn is None or drawn.definition.metrics != self.state.definition.metrics or not drawn.table.height:
            return {}
        total = drawn.table.height
        filled = {metric.name: total - drawn.table[metric.name].null_count() for metric in drawn.definition.metrics}
        return {
            name: "in every session"
            if count == total
            else f"in {count_text(count)} sessions · {percent_text(count / total)}"
            for name, count in filled.items()
        }

    def _look(self) -> None:
        """What takes a moment to find out, after a picture is drawn."""
        engine, definition, analysis = self.state.engine, self.state.drawn.definition, self.state.analysis
        self._show_rules()
        self._effects.run(lambda: effects(engine, definition))
        self._splits.run(lambda: menu(engine))
        self._sessions.run(lambda: _session_counts(engine, analysis.sessions))
        if self.bench.editor is not None:
            self._offer()
            self._try()

    def _show_effects(self, found: dict[str, tuple[Totals, Totals]]) -> None:
        self._known = found
        self._show_rules()

    def _show_sessions(self, found: dict[SessionDefinition, str]) -> None:
        self.app.definitions.counts = found

    def _show_splits(self, columns: dict[str, Any]) -> None:
        """Offer a definition for each value of the columns that have a few."""
        roles = (*self.state.engine.columns.actor, self.state.engine.columns.event)
        self.app.definitions.splits = {
            name: [value for value, _ in column["values"]]
            for name, column in columns.items()
            if name not in roles and column["type"] == "text" and 1 < column.get("distinct", 0) <= MOST_SPLITS
        }

    def _take_definitions(self) -> None:
        made, shown = self.app.definitions.value, self.app.definitions.shown
        if made != self.state.analysis or shown != self.state.definition.name:
            self.state.param.update(analysis=made, session=shown)

    # ---- what is asked for

    def _want(self, what: str, key: str) -> None:
        match what:
            case "open":
                self._open(key)
            case "remove" if key in ROLES:
                self.state.define(**{key: SessionDefinition.__dataclass_fields__[key].default})
            case "remove" | "duplicate" | "up" | "down":
                self._rearrange(what, key.removeprefix(NEW_METRIC))

    def _rearrange(self, what: str, name: str) -> None:
        metrics = list(self.state.definition.metrics)
        at = next(place for place, metric in enumerate(metrics) if metric.name == name)
        if what == "duplicate":
            copy = metrics[at].replace(name=free_name(name, [metric.name for metric in metrics]))
            metrics.insert(at + 1, copy)
        else:
            metric = metrics.pop(at)
            if what != "remove":
                metrics.insert(max(0, at - 1) if what == "up" else at + 1, metric)
        self.state.define(metrics=tuple(metrics))

    def _open(self, key: str) -> None:
        definition = self.state.definition
        zone = self.state.analysis.columns.time_zone or "UTC"
        if key.startswith(NEW_METRIC):
            names = [metric.name for metric in definition.metrics]
            name = key.removeprefix(NEW_METRIC)
            role = METRIC if name else ADDED
            editor: RuleEditor = MetricRule(names.index(name) if name else None, value=definition)
        elif key == PRESET.key:
            role, editor = PRESET, PresetRule(zone, value=definition)
        elif key == "calendar":
            role, editor = ROLES[key], MidnightRule(zone, value=definition)
        elif key in EDITORS:
            role, editor = ROLES[key], EDITORS[key](value=definition)
        else:
            role, editor = ROLES[key], ClauseRule(key, value=definition)
        self.bench.open(key, role, editor, definition)

    def _edit(self, editor: RuleEditor | None) -> None:
        self.app.rules.opened = self.bench.opened
        self._counted = {}
        if editor is None:
            return
        for builder in editor.builders:
            self._follow(builder)
        editor.param.watch(lambda *_: self._try(), "value")
        self._offer()
        self._try()

    def _follow(self, builder: FilterBuilder) -> None:
        self._counted[builder] = Latest(lambda found: builder.param.update(counts=found), lambda _: None)
        builder.param.watch(lambda _: self._count(builder), "asked")

    def _offer(self) -> None:
        engine, definition = self.state.engine, self.state.definition
        wants_recipes = isinstance(self.bench.editor, MetricRule)

        def work() -> tuple[Any, Any, Any]:
            columns = menu(engine)
            taken = [metric.name for metric in definition.metrics]
            ready = (
                [(one.title, one.metric) for one in recipes(engine.columns, columns, taken)] if wants_recipes else []
            )
            return columns, session_menu(engine, definition), ready

        self._menus.run(work)

    def _show_menus(self, found: tuple[Any, Any, Any]) -> None:
        editor = self.bench.editor
        if editor is None:
            return
        columns, session_columns, ready = found
        editor.param.update(columns=columns, session_columns=session_columns)
        if isinstance(editor, MetricRule):
            editor.recipes = ready
        for builder in editor.builders:
            self._count(builder)

    def _count(self, builder: FilterBuilder) -> None:
        if builder not in self._counted:
            return
        engine, definition, asked = self.state.engine, self.state.definition, builder.asked
        of_sessions = builder.noun == "sessions"
        builder.total = self._total(of_sessions)
        self._counted[builder].run(
            lambda: (session_counts(engine, definition, asked) if of_sessions else counts(engine, asked))[0]
        )

    def _total(self, of_sessions: bool) -> int:
        return (
            totals(self.state.engine, self.state.definition.replace(keep=None)).sessions
            if of_sessions
            else self.state.engine.quality.events
        )

    def _try(self) -> None:
        editor, engine, before = self.bench.editor, self.state.engine, self.state.definition
        if editor is None or editor.error:
            return
        after = editor.over(before)
        if isinstance(editor, MetricRule):
            place = editor.place
            self._tried.run(lambda: tried_metric(engine, after, place))
        else:
            self._tried.run(lambda: tried_rule(engine, before, after, self.bench.opened))

    def _show_tried(self, shown: Shown) -> None:
        self.bench.preview.param.update(value=shown, busy=False)

    def _refuse(self, error: ExplorerError) -> None:
        self.bench.preview.busy = False
        if self.bench.editor is not None:
            self.bench.editor.error = str(error)

    def _apply(self, definition: SessionDefinition | None) -> None:
        if definition is None:
            return
        self.state.define(**{name: getattr(definition, name) for name in self.bench.editor.fields})
        self.bench.close()


def _session_counts(engine: LocalEngine, definitions: tuple[SessionDefinition, ...]) -> dict[SessionDefinition, str]:
    """The sessions of each definition; one that cannot be cut has none."""
    found = {}
    for definition in definitions:
        with suppress(ExplorerError):
            found[definition] = count_text(totals(engine, definition).sessions)
    return found
