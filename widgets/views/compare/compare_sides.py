"""What is compared, and what it comes to, as texts; pure functions over the analysis and the choice."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from explorer.charts.theme import column_color, definition_colors
from explorer.crossfilter.differences import Difference, difference
from explorer.crossfilter.key_numbers import KEY_NUMBERS
from explorer.crossfilter.numbers import Numbers
from explorer.engine.answers.compare import Asked, Common, Compared
from explorer.engine.engine import Engine
from explorer.engine.stopping import go_on
from explorer.errors import ExplorerError
from explorer.plan.check import checked
from explorer.spec.analysis import Analysis
from explorer.spec.prose import definition_sentence
from explorer.spec.session import SessionDefinition
from widgets.views.compare.compare_table import Cell, Choice, Row

# So many definitions are compared where nobody has chosen.
FIRST = 4
Say = Callable[[float], str]


@dataclass(frozen=True)
class Way:
    """One way to cut the events: a definition, or a column that holds session ids."""

    key: str
    name: str
    color: str
    asked: Asked
    ticked: bool

    @property
    def is_column(self) -> bool:
        """Whether the data carry these sessions already."""
        return isinstance(self.asked, str)


@dataclass(frozen=True, eq=False)
class Found:
    """What was found out: of each way by key its sessions, or why there are none; distributions of the `good` ones."""

    ways: tuple[Way, ...]
    sides: dict[str, Compared]
    problems: dict[str, str]
    distributions: dict[str, Common]

    @property
    def good(self) -> list[Way]:
        """The ways that could be cut."""
        return [way for way in self.ways if way.key in self.sides]


def ways(analysis: Analysis, choice: Choice) -> tuple[Way, ...]:
    """The definitions and, where one is chosen, the column.

    Where all that was ticked is gone, what was unticked beside it counts no more.
    """
    colors = definition_colors(analysis)
    known = {f"definition {session.name}" for session in analysis.sessions}
    unticked = choice.unticked if not choice.ticked or choice.ticked & known else frozenset()
    found = []
    for place, session in enumerate(analysis.sessions):
        key = f"definition {session.name}"
        ticked = key in choice.ticked or (key not in unticked and place < FIRST)
        found.append(Way(key, session.name, colors[session.name], session, ticked))
    if choice.column:
        name = f"the column {choice.column}" if choice.column in colors else choice.column
        found.append(Way(f"column {choice.column}", name, column_color(analysis), choice.column, True))
    return tuple(found)


def find(engine: Engine, all_ways: Sequence[Way]) -> Found:
    """Cut every way that is ticked; one that fails leaves the others as they are."""
    sides, problems = {}, {}
    for way in (way for way in all_ways if way.ticked):
        go_on()
        try:
            if isinstance(way.asked, SessionDefinition):
                checked(way.asked, engine.columns, engine.schema, engine.cohorts)
            sides[way.key] = engine.compared(way.asked)
        except ExplorerError as error:
            problems[way.key] = str(error)
    good = [way.asked for way in all_ways if way.key in sides]
    return Found(tuple(all_ways), sides, problems, dict(engine.common(good)) if good else {})


def measured_by(found: Found, choice: Choice) -> tuple[Way | None, Way | None]:
    """The base, and the one whose sessions are held against the base's; None where there is none."""
    by_key = {way.key: way for way in found.good}
    base = by_key.get(choice.base) or next(iter(found.good), None)
    others = [way for way in found.good if way is not base]
    other = next((way for way in others if way.key == choice.other), None)
    # What the data carry already is what one holds a definition against.
    return base, other or next((way for way in others if way.is_column), next(iter(others), None))


def rows(found: Found, base: Way | None, actor: str) -> list[Row]:
    """The table: one row per way, with differences from the base."""
    reference = found.sides[base.key].numbers if base else None
    return [
        Row(
            way.key,
            way.name,
            way.color,
            about=definition_sentence(way.asked, actor) if isinstance(way.asked, SessionDefinition) else "",
            ticked=way.ticked,
            is_base=way is base,
            is_column=way.is_column,
            error=found.problems.get(way.key, ""),
            cells=cells(found.sides[way.key].numbers, None if way is base else reference)
            if way.key in found.sides
            else (),
        )
        for way in found.ways
    ]


def cells(numbers: Numbers, base: Numbers | None) -> tuple[Cell, ...]:
    """The numbers as texts, and how far each is from the base's."""
    found = []
    for row in KEY_NUMBERS:
        value = getattr(numbers, row.field)
        far = Difference("") if base is None else difference(value, getattr(base, row.field), row.say_difference)
        # A share of a share says nothing.
        share = "" if row.field == "one_event_share" else far.share
        found.append(Cell(row.text(numbers), far.text, share, far.tone))
    return tuple(found)
