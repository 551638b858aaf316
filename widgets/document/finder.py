"""What can be found by typing, from views and values to the guide, and what each thing leads to."""

from __future__ import annotations

from collections.abc import Callable

from explorer.crossfilter.formats import many
from explorer.crossfilter.selections.brushes import Values
from explorer.engine.answers.columns import FoundValues
from explorer.errors import ExplorerError
from explorer.guide import ORDER, sections
from explorer.plan.literal import TEXTS, type_word
from explorer.spec.prose import actor_metric_sentence, metric_sentence
from explorer.spec.rules import BY_FIELD
from explorer.state import Explorer
from widgets.charts.chart_menu import NEW
from widgets.charts.controller import Charting
from widgets.definition.definitions import DefinitionList
from widgets.definition.rule_labels import NEW_ACTOR_METRIC, NEW_COHORT, NEW_METRIC, PRESET
from widgets.definition.rules import RuleList
from widgets.document.toolbar import Toolbar
from widgets.guide.guide import Guide
from widgets.parts.latest_task import Latest

MOST = 12
# What is looked for in a tab, besides its title.
ABOUT = {
    "charts": "distributions, bars, lines, table of sessions",
    "inside": "first and last events, paths, funnels, next event",
    "actors": "concentration, ranking, bots, actors by property",
    "inactivity": "gaps between events, suggestion",
    "compare": "definitions side by side, session ids, differences",
}
MORE = "More values contain this: type more of it."
Entry = dict[str, str]


class Finder:
    """Fills the palette of the toolbar, and goes to what is chosen in it."""

    def __init__(
        self,
        state: Explorer,
        toolbar: Toolbar,
        charting: Charting,
        rules: RuleList,
        definitions: DefinitionList,
        guide: Guide,
        views: dict[str, str],
        say: Callable[[ExplorerError | None], None],
    ) -> None:
        """`views` are the keys and titles of the tabs."""
        self.state, self.toolbar, self.charting, self.rules = state, toolbar, charting, rules
        self.definitions, self.guide, self.views = definitions, guide, views
        self._say = say
        self.context: Callable[[str], None] = lambda kind: None
        self._searched = Latest[tuple[str, FoundValues]](self._show_values, say)
        toolbar.param.watch(lambda *_: self.offer(), "finding")
        toolbar.param.watch(lambda event: self._search(event.new), "sought")
        toolbar.param.watch(lambda event: self._go(event.new), "chosen")

    # ---- values down

    def offer(self) -> None:
        """Tell the palette what there is now."""
        self.toolbar.entries = [
            *self._views(),
            *self._charts(),
            *self._metrics(),
            *self._fields(),
            *self._actions(),
            *self._guide(),
        ]

    def _views(self) -> list[Entry]:
        tabs = [_entry("Views", f"view {key}", title, ABOUT.get(key, "")) for key, title in self.views.items()]
        shown = self.state.definition.name
        others = [one.name for one in self.state.analysis.sessions if one.name != shown]
        return tabs + [_entry("Views", f"definition {name}", name, "show this definition") for name in others]

    def _charts(self) -> list[Entry]:
        faces = self.charting.grid.value
        shown = [_entry("Charts", f"card {key}", face.title, face.question) for key, face in faces.items()]
        there = set(self.charting.choice.value)
        new = [
            _entry("Charts", f"chart {name}", title, f"add a chart · {group}")
            for group, names in self.charting.choice.groups
            for name, title in names
            if name not in there
        ]
        kinds = [_entry("Charts", f"chart {key}", title, "add a chart") for key, title in NEW]
        return shown + new + kinds

    def _metrics(self) -> list[Entry]:
        definition = self.state.definition
        rows = [
            *((NEW_METRIC, each.name, metric_sentence(each)) for each in definition.metrics),
            *((NEW_ACTOR_METRIC, each.name, actor_metric_sentence(each)) for each in definition.actor_metrics),
            *((NEW_COHORT, each.name, "cohort") for each in self.state.analysis.cohorts),
        ]
        return [_entry("Metrics", f"open {key}{name}", name, _without(name, words)) for key, name, words in rows]

    def _fields(self) -> list[Entry]:
        columns = self.state.engine.columns
        roles = {columns.time: "time", columns.event: "event"} | dict.fromkeys(columns.actor, "actor")
        return [
            _entry("Fields", f"field {name}", name, ", ".join(filter(None, (roles.get(name), type_word(dtype)))))
            for name, dtype in self.state.engine.schema.items()
        ]

    def _actions(self) -> list[Entry]:
        rules = [(f"open {rule.field}", f"Rule: {rule.label}", rule.help) for rule in BY_FIELD.values()]
        added = [
            (f"open {NEW_METRIC}", "Add a metric", "one value per session"),
            (f"open {NEW_ACTOR_METRIC}", "Add an actor metric", "one value per actor"),
            (f"open {NEW_COHORT}", "Add a cohort", "a named condition on actors"),
            ("add definition", "Add a definition", "another way to cut sessions"),
            ("context links", "Links to other tools", "open sessions in a replay, a CRM, a log"),
            ("context annotations", "Add a note on a moment", "a line in every chart over time"),
            ("clear brushes", "Clear the brushes", "select all sessions again"),
            (f"open {PRESET.key}", "Use another tool's rules", "presets"),
        ]
        return [_entry("Actions", *each) for each in (*added, *rules)]

    def _guide(self) -> list[Entry]:
        return [_entry("Guide", f"guide {each.chapter} {each.anchor}", each.title, each.beside) for each in sections()]

    # ---- values are searched off the page's thread

    def _search(self, text: str) -> None:
        engine = self.state.engine
        if text:
            self._searched.run(lambda: (text, engine.search_values(text, MOST)))
        else:
            self._searched.stop()

    def _show_values(self, found: tuple[str, FoundValues]) -> None:
        text, values = found
        entries = [
            _entry(
                "Values",
                f"value {each.column}\n{each.value}",
                each.value,
                f"{each.column} · {many(each.events, 'event')}",
            )
            for each in values.values
        ]
        self.toolbar.found = {"text": text, "values": entries, "more": MORE if values.more else ""}

    # ---- events up

    def _go(self, key: str) -> None:
        what, _, name = key.partition(" ")
        match what:
            case "view":
                self.state.view = "" if name == "charts" else name
            case "definition":
                self.state.session = name
            case "card":
                self._look_at(name)
            case "chart":
                self._chart(name)
            case "open":
                self.rules.hear({"open": name})
            case "field":
                self._field(name)
            case "value":
                column, _, value = name.partition("\n")
                self._select(column, value)
            case "guide":
                chapter, _, anchor = name.partition(" ")
                if chapter in ORDER:
                    self.guide.open(chapter, anchor)
            case "add":
                self.definitions.hear({"add": None})
            case "context":
                self.context(name)
            case "clear":
                self.state.selection = type(self.state.selection)()

    def _look_at(self, key: str) -> None:
        card = self.charting.grid.cards.get(key)
        if card is not None:
            self.state.view = ""
            card.light()

    def _chart(self, name: str) -> None:
        """The chart of what can be drawn: the one that there is, or one more."""
        self.state.view = ""
        self.charting.show(name)

    def _field(self, name: str) -> None:
        """A chart of a field: of its values in sessions; of others, a metric has to be made."""
        columns, dtype = self.state.engine.columns, self.state.engine.schema.get(name)
        if name == columns.time:
            self._chart("start")
        elif name in columns.actor:
            self._chart("time_in_session")
        elif isinstance(dtype, TEXTS):
            self._chart(f"any {name}")
        elif dtype is not None:
            self.rules.hear({"open": NEW_METRIC})

    def _select(self, column: str, value: str) -> None:
        """Select the sessions in which a value occurs."""
        name = column if column in self.state.engine.columns.actor else f"any {column}"
        self.state.selection = self.state.selection.with_(name, Values(frozenset({value})))


def _without(name: str, sentence: str) -> str:
    """A sentence on something that is named beside it.

    >>> _without("buys", "buys: events where event is 'buy'.")
    "events where event is 'buy'"
    """
    return sentence.removeprefix(f"{name}: ").removesuffix(".")


def _entry(kind: str, key: str, title: str, detail: str = "") -> Entry:
    return {"kind": kind, "key": key, "title": title, "detail": detail}
