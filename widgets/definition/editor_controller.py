"""Everything that happens while a rule or a metric is edited: its editor opens, previews follow, it is applied."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from explorer.engine.answers.recipes import Recipe, actor_recipes, recipes
from explorer.engine.answers.trial import Counted
from explorer.errors import ExplorerError, SpecError
from explorer.spec.cohort import Cohort
from explorer.spec.editing.edits import cohort_changed, list_of, metric_changed
from explorer.spec.rules import BY_FIELD
from explorer.spec.session import SessionDefinition
from explorer.state import Explorer
from widgets.definition.cohort_editor import CohortRule
from widgets.definition.metric_rule import ActorMetricRule, MetricRule
from widgets.definition.presets import PresetRule
from widgets.definition.preview import Shown
from widgets.definition.preview_work import tried_actor_metric, tried_cohort, tried_metric, tried_rule
from widgets.definition.rule_editors import (
    BoundaryRule,
    ClauseRule,
    ColumnsRule,
    LongestRule,
    MidnightRule,
    MostRule,
    RuleEditor,
)
from widgets.definition.rule_labels import (
    ADDED,
    ADDED_COHORT,
    ADDED_OF_ACTORS,
    COHORT,
    METRIC,
    NEW_ACTOR_METRIC,
    NEW_COHORT,
    NEW_METRIC,
    OF_ACTORS,
    PRESET,
    ROLES,
    Role,
)
from widgets.definition.rules import RuleList
from widgets.definition.workbench import Workbench
from widgets.filter_builder import FilterBuilder
from widgets.parts.latest_task import Latest

# By the kind of a rule's value.
EDITORS: dict[str, Callable[..., RuleEditor]] = {
    "events": ClauseRule,
    "sessions": ClauseRule,
    "columns": ColumnsRule,
    "boundary": BoundaryRule,
    "duration": LongestRule,
    "number": MostRule,
    "zone": MidnightRule,
}
# By what the keys of their rows begin with: the editor, what it is called, and what a new one is.
METRICS: dict[str, tuple[type[MetricRule], Role, Role]] = {
    NEW_METRIC: (MetricRule, METRIC, ADDED),
    NEW_ACTOR_METRIC: (ActorMetricRule, OF_ACTORS, ADDED_OF_ACTORS),
}


class Building:
    """Connects the workbench with the document and the engine."""

    def __init__(self, state: Explorer, bench: Workbench, rules: RuleList) -> None:
        self.state, self.bench, self.rules = state, bench, rules
        self._menus = Latest[tuple[Any, Any, Any]](self._show_menus, lambda _: None)
        self._tried = Latest[Shown](self._show_tried, self._refuse, lambda: self.bench.preview.param.update(busy=True))
        self._counted: dict[FilterBuilder, Latest[Counted]] = {}
        rules.param.watch(lambda event: self._open(event.new[1]) if event.new[0] == "open" else None, "wanted")
        bench.param.watch(lambda event: self._apply(event.new), "value")
        bench.param.watch(lambda event: self._edit(event.new), "editor")
        self.state.param.watch(lambda *_: self._close(), ["analysis", "session"])
        self.state.param.watch(lambda *_: self._look(), "drawn")

    def _close(self) -> None:
        """Close the editor of a definition, or of a metric, that is not there any more."""
        editor, definition = self.bench.editor, self.state.definition
        if editor is None:
            return
        gone = isinstance(editor, MetricRule) and editor.is_gone(definition)
        gone = gone or (isinstance(editor, CohortRule) and editor.place > len(self.state.analysis.cohorts))
        if gone or editor.value.name != definition.name:
            self.bench.close()

    def _look(self) -> None:
        """Other sessions are drawn: what is tried is tried over them."""
        if self.bench.editor is not None:
            self._offer()
            self._try()

    def _open(self, key: str) -> None:
        definition = self.state.definition
        zone = self.state.analysis.columns.time_zone or "UTC"
        start = next((start for start in METRICS if key.startswith(start)), "")
        if start:
            kind_of_metric, edited, added = METRICS[start]
            name = key.removeprefix(start)
            names = [metric.name for metric in getattr(definition, list_of(kind_of_metric.first))]
            role = edited if name else added
            editor: RuleEditor = kind_of_metric(
                names.index(name) if name else None, taken=tuple(self.state.engine.schema), value=definition
            )
        elif key.startswith(NEW_COHORT):
            self._open_cohort(key)
            return
        elif key == PRESET.key:
            role, editor = PRESET, PresetRule(zone, value=definition)
        else:
            kind = BY_FIELD[key].editor
            told = {"zone": zone} if kind == "zone" else {}
            role, editor = ROLES[key], EDITORS[kind](role=key, value=definition, **told)
        self.bench.open(key, role, editor, definition)

    def _open_cohort(self, key: str) -> None:
        analysis, definition, name = self.state.analysis, self.state.definition, key.removeprefix(NEW_COHORT)
        place = next((at for at, one in enumerate(analysis.cohorts) if one.name == name), None)
        editor = CohortRule(place, analysis, tuple(self.state.engine.schema), value=definition)
        editor.session.param.watch(lambda *_: self._offer(), "value")
        before = None if place is None else analysis.cohorts[place]
        self.bench.open(key, ADDED_COHORT if place is None else COHORT, editor, before)

    def _edit(self, editor: RuleEditor | None) -> None:
        self.rules.opened = self.bench.opened
        self._counted = {}
        if editor is None:
            return
        for builder in editor.builders:
            self._follow(builder)
        editor.param.watch(lambda *_: self._try(), editor.edits)
        self._offer()
        self._try()

    def _follow(self, builder: FilterBuilder) -> None:
        self._counted[builder] = Latest(
            lambda found: builder.param.update(total=found.total, counts=found.counts), lambda _: None
        )
        builder.param.watch(lambda _: self._count(builder), "asked")

    def _offer(self) -> None:
        engine, definition = self.state.engine, self.state.definition
        editor, cut = self.bench.editor, engine.cut(definition)
        asks_actors = editor is not None and editor.fields == ("keep",)
        if isinstance(editor, CohortRule):
            self._offer_cohort(editor)
            return

        def work() -> tuple[Any, Any, Any]:
            columns = cut.event_menu() if isinstance(editor, MetricRule) else engine.menu()
            of_sessions = cut.session_menu()
            taken = [*engine.schema, *definition.actor_values, *(metric.name for metric in definition.metrics)]
            ready: tuple[Recipe, ...] = ()
            if isinstance(editor, ActorMetricRule):
                ready = actor_recipes(of_sessions, taken)
            elif isinstance(editor, MetricRule):
                ready = recipes(engine.columns, columns, taken)
            shown = of_sessions | cut.actor_menu() if asks_actors else of_sessions
            return columns, shown, [(one.title, one.metric) for one in ready]

        self._menus.run(work)

    def _offer_cohort(self, editor: CohortRule) -> None:
        engine, name = self.state.engine, editor.cohort.name
        cut = engine.cut(self.state.analysis.session(editor.session.value))

        def work() -> tuple[Any, Any, Any]:
            columns = engine.menu()
            others = [one for one in (*engine.columns.actor, *engine.cohorts) if one in columns]
            known = cut.actor_menu() | {one: columns[one] for one in others if one != name}
            return columns, known, []

        self._menus.run(work)

    def _show_menus(self, found: tuple[Any, Any, Any]) -> None:
        editor = self.bench.editor
        if editor is None:
            return
        columns, session_columns, ready = found
        editor.param.update(columns=columns, session_columns=session_columns)
        if isinstance(editor, MetricRule):
            editor.param.update(recipes=ready, event=self.state.engine.columns.event or "")
        for builder in editor.builders:
            self._count(builder)

    def _count(self, builder: FilterBuilder) -> None:
        if builder not in self._counted:
            return
        engine, definition, asked = self.state.engine, self.state.definition, builder.asked
        of_sessions = builder.noun == "sessions"
        cut = engine.cut(definition)
        if isinstance(editor := self.bench.editor, CohortRule):
            those = engine.cut(self.state.analysis.session(editor.session.value))
            self._counted[builder].run(lambda: those.actor_counts(asked))
        elif of_sessions:
            self._counted[builder].run(lambda: cut.session_counts(asked))
        elif isinstance(self.bench.editor, MetricRule):
            self._counted[builder].run(lambda: cut.event_counts(asked))
        else:
            self._counted[builder].run(lambda: engine.counts(asked))

    def _try(self) -> None:
        editor, engine, before = self.bench.editor, self.state.engine, self.state.definition
        if editor is None or editor.error:
            return
        if isinstance(editor, CohortRule):
            analysis, at, cohort = self.state.analysis, editor.place, editor.cohort
            self._tried.run(lambda: tried_cohort(engine, analysis, at, cohort))
            return
        after = editor.over(before)
        if isinstance(editor, MetricRule):
            tried, place = tried_actor_metric if isinstance(editor, ActorMetricRule) else tried_metric, editor.place
            self._tried.run(lambda: tried(engine, after, place))
        else:
            self._tried.run(lambda: tried_rule(engine, before, after, self.bench.opened))

    def _show_tried(self, shown: Shown) -> None:
        self.bench.preview.param.update(value=shown, busy=False)

    def _refuse(self, error: ExplorerError) -> None:
        self.bench.preview.busy = False
        if self.bench.editor is not None:
            self.bench.editor.error = str(error)

    def _apply(self, applied: SessionDefinition | Cohort | None) -> None:
        if applied is None:
            return
        try:
            self._change(applied)
        except SpecError as error:  # what the rest of the analysis does not allow
            self.bench.editor.error = str(error)
        else:
            self.bench.close()

    def _change(self, applied: SessionDefinition | Cohort) -> None:
        editor = self.bench.editor
        if isinstance(editor, CohortRule):
            self.state.analysis = cohort_changed(self.state.analysis, editor.place, editor.cohort)
        elif isinstance(editor, MetricRule):
            name = self.state.definition.name
            self.state.analysis = metric_changed(self.state.analysis, name, editor.place, editor.metric)
        else:
            self.state.define(**{field: getattr(applied, field) for field in editor.fields})
