"""Columns that are computed: a name and the expression that says its values."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from explorer.errors import SpecError, located, quoted
from explorer.spec.document import Spec, check_name
from explorer.spec.event_columns import name_inside
from explorer.spec.expression.clause import Expression, columns, parse_value


@dataclass(frozen=True)
class Derived(Spec):
    """A column of events that an expression computes; used like any other.

    >>> campaign = Derived("campaign", "url_param(url, 'utm_campaign')")
    >>> campaign.needs
    ('url',)
    """

    name: str
    value: Expression

    def __post_init__(self) -> None:
        check_name(self.name, "name")
        if "." in self.name or self.name.isdigit():
            raise SpecError(f"'{self.name}' cannot be the name of a derived column: write a word without a dot.")
        if name_inside(self.name) != self.name:
            raise SpecError(f"'{self.name}' is what events know of their session. Choose another name.")
        self._set("value", parse_value(self.value))

    @property
    def is_of_actor(self) -> bool:
        """Whether it stands for an expression that was said as the actor: then it is called by its text."""
        return _said(self.name) == self.value

    @property
    def needs(self) -> tuple[str, ...]:
        """The columns that it reads."""
        return columns(self.value)


def read_derived(value: Any) -> tuple[Derived, ...]:
    """Derived columns from a mapping of names to texts, each before those that read it; raises SpecError.

    >>> [each.name for each in read_derived({"b": "upper(a)", "a": "trim(page)"})]
    ['a', 'b']
    """
    if not value:
        return ()
    if isinstance(value, Mapping):
        pairs: Iterable[tuple[Any, Any]] = value.items()
    elif isinstance(value, tuple | list) and all(isinstance(each, Derived) for each in value):
        pairs = [(each.name, each.value) for each in value]
    else:
        raise SpecError(f"Expected a name and an expression for each column, got {quoted(value)}.")
    found = []
    for name, text in pairs:
        with located(str(name)):
            found.append(Derived(name, text))
    return _in_order(found)


def of_actor(actor: Iterable[str], derived: tuple[Derived, ...]) -> tuple[Derived, ...]:
    """The derived columns, with one more for each actor that is said as an expression, called by its text.

    >>> [each.name for each in of_actor(["coalesce(user_id, device_id)"], ())]
    ['coalesce(user_id, device_id)']
    """
    known = {each.name for each in derived}
    found = [Derived(name, value) for name in actor if name not in known and (value := _said(name)) is not None]
    return (*derived, *found)


def _said(text: str) -> Expression | None:
    """The expression that a text is; None for a name, whatever signs are in it."""
    if not any(sign in text for sign in ("(", "||")) or "." in text:
        return None
    try:
        return parse_value(text)
    except SpecError:
        return None


def early(derived: Iterable[Derived], names: Iterable[str]) -> tuple[Derived, ...]:
    """Those that must be there before others can be read: the columns of these names, and all that they need."""
    by_name = {each.name: each for each in derived}
    wanted: set[str] = set()
    left = [name for name in names if name in by_name]
    while left:
        name = left.pop()
        if name not in wanted:
            wanted.add(name)
            left += [other for other in by_name[name].needs if other in by_name]
    return tuple(each for each in by_name.values() if each.name in wanted)


def _in_order(found: list[Derived]) -> tuple[Derived, ...]:
    by_name = {each.name: each for each in found}
    done: dict[str, Derived] = {}

    def visit(each: Derived, above: tuple[str, ...]) -> None:
        if each.name in above:
            circle = " needs ".join((*above[above.index(each.name) :], each.name))
            with located(each.name):
                raise SpecError(
                    f"these columns need each other in a circle: {circle}. Let one of them read other columns."
                )
        if each.name not in done:
            for name in each.needs:
                if name in by_name:
                    visit(by_name[name], (*above, each.name))
            done[each.name] = each

    for each in found:
        visit(each, ())
    return tuple(done.values())
