"""The table of functions: one row each, for conditions, derived columns, metrics and charts alike."""

from explorer.errors import SpecError, did_you_mean
from explorer.spec.expression.functions.addresses import ADDRESSES
from explorer.spec.expression.functions.choices import CHOICES
from explorer.spec.expression.functions.numbers import NUMBERS
from explorer.spec.expression.functions.operators import OPERATORS
from explorer.spec.expression.functions.table import Form as Form
from explorer.spec.expression.functions.table import Function
from explorer.spec.expression.functions.text import TEXT
from explorer.spec.expression.functions.times import TIMES

FUNCTIONS: tuple[Function, ...] = (*OPERATORS, *TEXT, *ADDRESSES, *NUMBERS, *TIMES, *CHOICES)
ALIASES = {other: row.name for row in FUNCTIONS for other in row.also}
NAMES = tuple(dict.fromkeys(row.name for row in FUNCTIONS if row.name.isidentifier() and row.name != "negate"))
MATCHES = ("contains", "starts_with", "ends_with", "regexp_matches")
OTHERS = ("now", "if", *MATCHES)


def rows_of(name: str) -> tuple[Function, ...]:
    """The rows of a function, one for each kind of values; raises SpecError with the nearest name.

    >>> [row.label for row in rows_of("lower")]
    ['lower case']
    """
    known = ROWS.get(name)
    if known is None:
        raise SpecError(f"there is no function '{name}'. {did_you_mean(name, (*NAMES, *OTHERS))}")
    return known


ROWS = {name: tuple(row for row in FUNCTIONS if row.name == name) for name in {row.name for row in FUNCTIONS}}
