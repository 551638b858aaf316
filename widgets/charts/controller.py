"""Everything that happens with the grid of charts: what is shown, changed, moved, and what follows the brushes."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from explorer.charts.brushing.linked import LinkedCharts
from explorer.charts.figure.moments import moments_of
from explorer.charts.kinds.table import drawn_by
from explorer.crossfilter.cards import Card
from explorer.crossfilter.measured import Cells, Followed, Points, Rows
from explorer.crossfilter.selections.selection import Selection
from explorer.errors import ExplorerError, Stopped
from explorer.spec.charts.chart import Chart
from explorer.spec.charts.kinds import KINDS, kind_of
from explorer.state import Explorer
from widgets.charts.card_header import face
from widgets.charts.chart_card import ChartCard
from widgets.charts.chart_form import ChartForm
from widgets.charts.chart_grid import ChartGrid
from widgets.charts.chart_menu import ChartChoice, choices, is_named
from widgets.charts.chart_tables import brushed_groups, followed_groups, number_texts
from widgets.charts.group_table import Groups
from widgets.parts.latest_task import Latest

Found = dict[str, Followed | ExplorerError]


class Charting:
    """Keeps a grid of charts in step with the state, until it is let go.

    `charts` are the linked charts that the cards show, `choice` the menu of those that there could be. What goes wrong
    is told to `say`.
    """

    def __init__(
        self,
        state: Explorer,
        grid: ChartGrid,
        choice: ChartChoice,
        charts: LinkedCharts,
        say: Callable[[ExplorerError | None], None],
    ) -> None:
        self.state, self.grid, self.choice, self.charts, self._say = state, grid, choice, charts, say
        self._following = Latest[Found](self._show_followed, self._fail_to_follow, lambda: grid.wait(True))
        self._tabling = Latest[dict[str, Groups]](self._put_tables, say)
        self._found: Found = {}
        self._peeked: Selection | None = None
        self.context: Callable[[str], None] = lambda kind: None
        grid.param.watch(lambda event: self._hear(*event.new), "asked")
        choice.param.watch(lambda event: self._toggle(event.new), "toggled")
        self._watchers = [
            state.param.watch(lambda *_: self.arrange(), ["analysis", "session", "engine"]),
            state.param.watch(lambda *_: self._share(), ["shares", "zoomed"]),
            state.param.watch(lambda *_: self._annotate(), ["analysis", "engine"]),
        ]
        self.arrange()
        self._annotate()
        charts.share(state.shares, state.zoomed)

    def let_go(self) -> None:
        """Follow the state no more."""
        self._following.stop()
        self._tabling.stop()
        for watcher in self._watchers:
            self.state.param.unwatch(watcher)
        self._watchers = []

    # ---- events up

    def _toggle(self, name: str) -> None:
        state = self.state
        if name.startswith("new "):
            kind = name.removeprefix("new ")
            state.add_chart(Chart(kind, state.definition.name, **KINDS[kind].begins))
            self._open(state.cards[-1].key)
            self._light()
        elif name in (shown := {_called(card): card.key for card in state.cards}):
            state.change_chart(shown[name])
        elif name:
            state.show_chart(name, named=is_named(name, state))
            self._light()

    def show(self, name: str) -> None:
        """Bring the chart of a dimension into view; where there is none, add it."""
        shown = {_called(card): card.key for card in self.state.cards}
        if name not in shown:
            self._toggle(name)
        elif shown[name] in self.grid.cards:
            self.grid.cards[shown[name]].light()

    def _light(self) -> None:
        """Show where the chart is that was just added."""
        self.grid.cards[self.state.cards[-1].key].light()

    def _hear(self, key: str, message: dict[str, Any]) -> None:
        found = next((card for card in self.state.cards if card.key == key), None)
        if found is None:
            return
        chart, state = found.chart, self.state
        match message.get("act"):
            case "edit":
                self._open(key)
            case "copy":
                state.change_chart(key, chart, chart)
            case "remove":
                state.change_chart(key)
            case "move":
                state.move_chart(key, int(message["to"]))
            case "blanks":
                state.change_chart(key, chart.replace(blanks=not chart.blanks))
            case "annotate":
                self.context("annotations")
            case "size":
                state.change_chart(key, chart.replace(size=message["size"] or None))

    def _open(self, key: str) -> None:
        """Open or close the fields of a card; those of the others are closed."""
        for other, card in self.grid.cards.items():
            if other == key and card.form is None:
                card.edit(self._form(key))
            elif card.form is not None:
                card.edit(None)

    def _form(self, key: str) -> ChartForm:
        chart = next(card.chart for card in self.state.cards if card.key == key)
        form = ChartForm(value=chart, choices=choices(self.state))
        form.param.watch(lambda event: self._change(event.old, event.new), "value")
        return form

    def _change(self, old: Chart, new: Chart) -> None:
        """A changed chart may get another key: its form goes with it."""
        at = next((at for at, card in enumerate(self.state.cards) if card.chart == old), None)
        if at is None:
            return
        before = self.state.cards[at].key
        form = self.grid.cards[before].form
        self.state.change_chart(before, new)
        after = self.state.cards[at].key
        if after != before and form is not None:
            self.grid.cards[after].edit(form)

    # ---- values down

    def arrange(self) -> None:
        """Show the cards of the definition that is shown."""
        cards = self.state.cards
        before = dict(self.grid.cards)
        self._show_faces()
        for key in before.keys() - self.grid.cards.keys():
            self._drop(key)
        for card in cards:
            shown = self.grid.cards[card.key]
            if card.dimension:
                if card.key not in self.charts.elements:
                    shown.place(self.charts.add(card.key, shown.value.title))
                chart = card.chart
                self.charts.dress(card.key, height=shown.value.height, cumulative=chart.cumulative, blanks=chart.blanks)
            if card.key not in before:
                shown.param.watch(partial(self._tabled, card.key), "tabled")
            if shown.form is not None:
                shown.form.value = card.chart
        self._show_choices()

    def _annotate(self) -> None:
        """Draw the notes on moments of time."""
        self.charts.annotate(moments_of(self.state.analysis.annotations, self.state.engine.zone))

    def _share(self) -> None:
        """Draw shares or counts."""
        self.charts.share(self.state.shares, self.state.zoomed)
        self._show_faces()

    def _show_choices(self) -> None:
        """What charts can be of now, in the menu and in the forms that are open."""
        known = choices(self.state)
        shown = tuple(name for name in map(_called, self.state.cards) if name)
        self.choice.param.update(value=shown, groups=known.dimensions)
        for card in self.grid.cards.values():
            if card.form is not None:
                card.form.choices = known

    def _show_faces(self) -> None:
        cards = self.state.cards
        drawn = self.state.drawn
        faces = {}
        for at, card in enumerate(cards):
            problem = drawn.problems.get(card.dimension) if drawn is not None and card.dimension else None
            faces[card.key] = face(self.state, card, at, len(cards), problem or self._found.get(card.key))
        self.grid.value = faces

    def _drop(self, key: str) -> None:
        if key in self.charts.elements:
            self.charts.remove(key)
        self.charts.followers.drop(key)
        self._found.pop(key, None)

    # ---- charts that follow

    def show_picture(self) -> None:
        """A new picture: its dimensions, and whatever follows."""
        self._show_faces()
        self._show_choices()
        self.charts.show(self.state.on_page, self.state.selection)
        self._follow(self.state.selection)
        self._count_tables()

    def show_selection(self) -> None:
        """Other brushes."""
        self.charts.select(self.state.selection)
        if self.state.drawn is not None:
            self._follow(self.state.selection)
            self._count_tables()

    def peek(self, selection: Selection) -> None:
        """A brush that is dragged still: the newest is counted when the one before is done."""
        if self._following.busy:
            self._peeked = selection
        else:
            self._follow(selection)

    def _follow(self, selection: Selection) -> None:
        state = self.state
        drawn = state.on_page
        charts = {card.key: card.chart for card in state.cards if not card.dimension}
        self._peeked = None
        if not charts:
            return

        def work() -> Found:
            found: Found = {}
            for key, chart in charts.items():
                try:
                    found[key] = drawn.groups(chart, selection)
                except Stopped:
                    raise
                except ExplorerError as error:
                    found[key] = error
            return found

        self._following.run(work)

    def _fail_to_follow(self, error: ExplorerError) -> None:
        self.grid.wait(False)
        self._say(error)

    def _show_followed(self, found: Found) -> None:
        self.grid.wait(False)
        self._found |= found
        self._show_faces()
        for key, followed in found.items():
            card = self.grid.cards.get(key)
            if card is not None and not isinstance(followed, ExplorerError):
                self._draw(key, card, followed)
        self._show_tables(found)
        if self._peeked is not None:
            self._follow(self._peeked)

    def _draw(self, key: str, card: ChartCard, followed: Followed) -> None:
        if isinstance(followed, Rows) and kind_of(followed.chart).shown_as == "number":
            card.tell(*number_texts(followed))
        elif drawn_by(followed) is None:
            card.groups, card.tabled = followed_groups(followed), True
        else:
            face, charts = card.value, self.charts
            element = charts.followers.show(key, followed, charts.selection, face.title, face.height)
            if element is not None:
                card.place(element)

    # ---- their numbers

    def found(self, key: str) -> Followed | ExplorerError | None:
        """What a chart that follows shows, or why it does not."""
        return self._found.get(key)

    def _tabled(self, key: str, event: Any) -> None:
        if event.new:
            self._show_tables(self._found)
            self._count_tables()

    def _show_tables(self, found: Found) -> None:
        """The numbers of charts that follow."""
        for key, followed in found.items():
            card = self.grid.cards.get(key)
            if card is not None and card.tabled and isinstance(followed, Rows | Cells | Points):
                card.groups = followed_groups(followed)

    def _count_tables(self) -> None:
        """Count for the charts that are brushed and show their numbers."""
        drawn, selection = self.state.drawn, self.state.selection
        shown = [card for card in self.state.cards if card.key in self.grid.cards and self.grid.cards[card.key].tabled]
        cards = [card for card in shown if drawn is not None and card.dimension in drawn.dimensions]
        if drawn is None or not cards:
            self._tabling.stop()
            return
        self._tabling.run(lambda: {card.key: brushed_groups(card, drawn, selection) for card in cards})

    def _put_tables(self, found: dict[str, Groups]) -> None:
        for key, groups in found.items():
            if key in self.grid.cards:
                self.grid.cards[key].groups = groups


def _called(card: Card) -> str:
    """The name of a chart in the menu of those there can be; empty for one that was made otherwise."""
    chart = card.chart
    plain = kind_of(chart).takes_many(chart) and str(chart.measure) == "count" and chart.where is None
    return card.dimension or (chart.by[0] if plain and chart.by[0].startswith("any ") else "")
