"""What a row of the table of functions holds."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from explorer.errors import SpecError
from explorer.spec.expression.kinds import Kind

NULL_IN_NULL_OUT, SKIPS_NULLS = "null where a value in it is null", "skips nulls"


@dataclass(frozen=True)
class Form:
    """One way to call a function: what it takes and gives. `gives` None is the kind that all values share."""

    takes: tuple[Kind | None, ...]
    gives: Kind | None


@dataclass(frozen=True)
class Function:
    """One function: its menu, its sentence and its meaning on both engines.

    `polars` is called with the namespace `pl` (or one that writes code down) and the values; `sql` with the name of the
    dialect and the values. `fixed` are the places of values that are said, not computed, such as the separator of
    split_part: these arrive as Python values. With `many`, the last value may be there any number of times. `wall` says
    that a time with a zone is looked at as the clock of that zone shows it. `check` refuses fixed values.
    """

    name: str
    group: str
    label: str
    sentence: str
    example: str
    answer: Any
    forms: tuple[Form, ...]
    polars: Callable[..., Any]
    sql: Callable[..., Any]
    nulls: str = NULL_IN_NULL_OUT
    fixed: tuple[int, ...] = ()
    many: bool = False
    wall: bool = False
    also: tuple[str, ...] = ()
    check: Callable[..., object] | None = None

    def __hash__(self) -> int:
        return hash(self.name)

    def fits(self, count: int) -> bool:
        """Whether the function is called with that many values."""
        return any(len(form.takes) == count or (self.many and count >= len(form.takes)) for form in self.forms)

    def counts(self) -> str:
        """How many values it is called with, in words."""
        known = sorted({len(form.takes) for form in self.forms})
        text = " or ".join(map(str, known))
        return f"{text} or more values" if self.many else f"{text} value{'' if known == [1] else 's'}"


def form(takes: str, gives: str) -> Form:
    """A form by the letters of its kinds.

    >>> form("TW", "T").gives
    <Kind.TEXT: 'text'>
    """
    return Form(tuple(LETTERS[letter] for letter in takes), LETTERS[gives])


def forms(*said: str) -> tuple[Form, ...]:
    """Forms such as "TW>T".

    >>> len(forms("W>W", "N>N"))
    2
    """
    return tuple(form(*text.split(">")) for text in said)


def refuse_unless(good: bool, sentence: str) -> None:
    """Raise SpecError with this sentence, but where all is well."""
    if not good:
        raise SpecError(sentence)


LETTERS = {
    "T": Kind.TEXT,
    "W": Kind.WHOLE,
    "N": Kind.NUMBER,
    "B": Kind.TRUTH,
    "D": Kind.TIME,
    "I": Kind.INSTANT,
    "L": Kind.LENGTH,
    "X": None,
}
