"""What a clause may ask of a column: said once, for the Polars tongue and the SQL tongue."""

from collections.abc import Mapping

import polars as pl

from explorer.errors import SpecError, did_you_mean
from explorer.plan.literal import TEXTS, type_word
from explorer.spec.session import BUILT_IN

Schema = Mapping[str, pl.DataType]


def dtype_of(column: str, schema: Schema) -> pl.DataType:
    """The type of a column; raises SpecError when there is none of that name."""
    if column not in schema:
        raise SpecError(f"there is no column '{column}'. {did_you_mean(column, schema)}")
    return schema[column]


def check_text(column: str, dtype: pl.DataType) -> None:
    """Raises SpecError when a column that is matched with a pattern holds no texts."""
    if not isinstance(dtype, TEXTS):
        raise SpecError(f"'{column}' is a {type_word(dtype)}, not a text. Compare it with =, < or BETWEEN.")


def outer_name(column: str) -> str:
    """A source's own column beside ours of the same name: `session_id` is `session_id_in_source`."""
    return f"{column}_in_source" if column in BUILT_IN else column
