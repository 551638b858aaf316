"""What a value means beside a column of a given type: a text beside a time is a time, beside a duration a length."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import polars as pl

from explorer.errors import SpecError
from explorer.spec.duration import Duration
from explorer.spec.expression.clause import Value, value_text

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
OTHERS = {pl.Time: "time of day", pl.Binary: "row of bytes", pl.Object: "Python object", pl.Null: "column of nothing"}
TEXTS = (pl.String, pl.Categorical, pl.Enum)


def type_word(dtype: pl.DataType) -> str:
    """The type in the analyst's words: text, number, time, duration, truth value, list, record.

    >>> type_word(pl.List(pl.Int64())), type_word(pl.Time())
    ('list', 'time of day')
    """
    if isinstance(dtype, TEXTS):
        return "text"
    if dtype.is_numeric():
        return "number"
    if isinstance(dtype, pl.Datetime | pl.Date):
        return "time"
    if isinstance(dtype, pl.Duration):
        return "duration"
    if dtype.is_nested():
        return "record" if isinstance(dtype, pl.Struct) else "list"
    return "truth value" if dtype == pl.Boolean else OTHERS.get(type(dtype), "value")


def decimal(value: float) -> float:
    """A number of any size as a decimal; raises SpecError for one that is larger than any.

    >>> decimal(2**70)
    1.1805916207174113e+21
    """
    try:
        return float(value)
    except OverflowError:
        raise SpecError("A number of more than 308 digits cannot be compared with any. Write a shorter one.") from None


def typed(column: str, dtype: pl.DataType, value: Value, zone: str | None = None) -> Value:
    """The value to compare a column with; times and durations become whole microseconds.

    Raises SpecError when the value does not fit the column's type.
    """
    kind = type_word(dtype)
    if kind == "text" and isinstance(value, str):
        return value
    if kind == "number" and isinstance(value, int | float) and not isinstance(value, bool):
        return value if isinstance(value, float) or -(2**63) <= value < 2**63 else decimal(value)
    if kind == "truth value" and isinstance(value, bool):
        return value
    if kind == "duration" and isinstance(value, str):
        return Duration.parse(value).us
    if kind == "time" and isinstance(value, str):
        return microseconds(value, zone if _aware(dtype) else None)
    example = {
        "text": "'login'",
        "number": "10",
        "truth value": "TRUE",
        "duration": "'1h'",
        "time": "'2024-03-01 12:00'",
    }
    if kind not in example:
        raise SpecError(f"'{column}' is of type {kind} and cannot be compared. Use IS NULL, or another column.")
    raise SpecError(f"'{column}' is a {kind} and {value_text(value)} is not. Write a {kind} such as {example[kind]}.")


def microseconds(text: str, zone: str | None) -> int:
    """A time as microseconds since 1970; without an offset it is read in `zone`, or as it stands."""
    try:
        time = datetime.fromisoformat(text.strip())
    except ValueError:
        raise SpecError(f"'{text}' is not a time. Write 2024-03-01 or 2024-03-01 12:30:00.") from None
    if time.tzinfo is None:
        time = time.replace(tzinfo=ZoneInfo(zone) if zone else UTC)
    elapsed = time.astimezone(UTC) - EPOCH
    return (elapsed.days * 86_400 + elapsed.seconds) * 1_000_000 + elapsed.microseconds


def _aware(dtype: pl.DataType) -> bool:
    return isinstance(dtype, pl.Datetime) and dtype.time_zone is not None
