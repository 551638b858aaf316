"""What a clause may ask of a column: said once, for the Polars tongue and the SQL tongue."""

from collections.abc import Iterable, Mapping

import polars as pl

from explorer.errors import SpecError, did_you_mean
from explorer.plan.literal import TEXTS, type_word
from explorer.spec.event_columns import EVENT_COLUMNS, name_inside, renamed
from explorer.spec.session import BUILT_IN

Schema = Mapping[str, pl.DataType]
KINDS: dict[str, pl.DataType] = {"number": pl.UInt32(), "duration": pl.Duration("us")}
KNOWN_INSIDE: dict[str, pl.DataType] = {name: KINDS[each.kind] for name, each in EVENT_COLUMNS.items()}


def dtype_of(column: str, schema: Schema) -> pl.DataType:
    """The type of a column; raises SpecError when there is none of that name."""
    if column not in schema:
        raise no_column(column, schema)
    return schema[column]


def no_column(name: str, schema: Schema, whose: str = "") -> SpecError:
    """The error for a column that is not there; `whose` are those who lack it, such as `the events`.

    >>> print(no_column("until_next", {"page": pl.String()}))
    'until_next' is known of the events of a session only, and here none is cut yet. Ask for it in a metric, a scope \
or a step of a funnel.
    """
    if name in KNOWN_INSIDE and name not in schema:
        return SpecError(
            f"'{name}' is known of the events of a session only, and here none is cut yet. "
            "Ask for it in a metric, a scope or a step of a funnel."
        )
    lack = f"{whose} have no column" if whose else "there is no column"
    return SpecError(f"{lack} '{name}'. {did_you_mean(name, schema)}")


def inside(schema: Schema) -> dict[str, pl.DataType]:
    """The columns of the events of sessions: the source's, and what every event knows of its session.

    >>> list(inside({"page": pl.String(), "until_next": pl.Int64()}))
    ['page', 'until_next_in_source', 'event_number', 'since_start', 'since_previous', 'until_next']
    """
    return {name_inside(name): dtype for name, dtype in schema.items()} | KNOWN_INSIDE


def of_sessions(names: Iterable[str], schema: Schema) -> bool:
    """Whether any of these is another column inside a session than in the source.

    >>> of_sessions(["page"], {"page": pl.String()}), of_sessions(["until_next"], {"page": pl.String()})
    (False, True)
    """
    other = {*KNOWN_INSIDE, *(found for name in schema if (found := name_inside(name)) != name)}
    return any(name in other for name in names)


def check_text(column: str, dtype: pl.DataType) -> None:
    """Raises SpecError when a column that is matched with a pattern holds no texts."""
    if not isinstance(dtype, TEXTS):
        raise SpecError(f"'{column}' is a {type_word(dtype)}, not a text. Compare it with =, < or BETWEEN.")


def outer_name(column: str) -> str:
    """A source's own column beside ours of the same name: `session_id` is `session_id_in_source`."""
    return renamed(column, (*BUILT_IN, *EVENT_COLUMNS))
