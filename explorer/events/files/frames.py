"""Frames of other libraries as Polars frames: indexes, periods, values of several kinds."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

import polars as pl

from explorer.errors import SourceError
from explorer.events.formats.arrow_types import of_stream
from explorer.events.formats.names import distinct
from explorer.events.quality.assumption import Assumption

Told = tuple[Assumption, ...]


def polars_frame(source: Any) -> tuple[pl.DataFrame, Told]:
    """Anything with an Arrow stream, or that gives one, as a Polars frame, and what was assumed; raises SourceError."""
    if isinstance(source, pl.DataFrame):
        return _without_objects(source)
    kind = f"{type(source).__module__}.{type(source).__qualname__}"
    try:
        if kind.startswith("pandas.") and hasattr(source, "index") and hasattr(source, "columns"):
            return _of_pandas(source)
        if hasattr(source, "column_names") and len(set(source.column_names)) < len(source.column_names):
            names, said = distinct(source.column_names)
            return of_stream(source.rename_columns(list(names))), said
        if hasattr(source, "__arrow_c_stream__"):
            return of_stream(source), ()
        if hasattr(source, "arrow"):
            return of_stream(source.arrow()), ()
    except (pl.exceptions.PolarsError, ValueError, TypeError) as error:
        why = str(error).strip().split("\n")[0].rstrip(".")
        raise SourceError(f"The {kind} cannot be read: {why}. Give each column values of one type.") from error
    raise SourceError(f"A {kind} cannot be read. Pass a path or a data frame.")


def _of_pandas(source: Any) -> tuple[pl.DataFrame, Told]:
    levels = [source.index.get_level_values(at) for at in range(source.index.nlevels)]
    plain = len(levels) == 1 and type(source.index).__name__ == "RangeIndex" and source.index.name is None
    given: list[tuple[str, Any]] = []
    if not plain:
        for at, level in enumerate(levels):
            called = str(level.name) if level.name is not None else "index" if len(levels) == 1 else f"index_{at}"
            given.append((called, level.to_series(index=range(len(source)))))
    for at, name in enumerate(source.columns):
        parts = name if isinstance(name, tuple) else (name,)
        given.append((".".join(str(part) for part in parts if str(part)), source.iloc[:, at]))
    names, said = distinct(name for name, _ in given)
    if not plain:
        said = (*said, Assumption("index of the frame", f"columns {', '.join(names[: len(levels)])}"))
    made = [_series(name, values, source) for name, (_, values) in zip(names, given, strict=True)]
    mixed = [series.name for series, is_mixed in made if is_mixed]
    if mixed:
        said = (*said, Assumption("columns of several kinds of values", f"read as text: {', '.join(mixed)}"))
    return pl.DataFrame([series for series, _ in made]), said


def _series(name: str, values: Any, source: Any) -> tuple[pl.Series, bool]:
    """A pandas column as a Polars one, and whether it had to become text."""
    dtype = str(values.dtype)
    if dtype.startswith("period"):
        values = values.dt.to_timestamp()
    elif dtype.startswith(("interval", "complex", "Sparse[complex")):
        return _as_text(name, values.tolist()), False
    elif dtype == "object":
        kinds = {type(value) for value in values if not _is_nothing(value)}
        if any(kind.__name__ == "Period" for kind in kinds) and len(kinds) == 1:
            every = [None if _is_nothing(value) else value.to_timestamp().to_pydatetime() for value in values]
            return pl.Series(name, every, dtype=pl.Datetime("us")), False
        if len(kinds) > 1 and not _fit_together(kinds):
            return _as_text(name, values.tolist()), True
        if any(kind.__name__ == "UUID" for kind in kinds):
            return _as_text(name, values.tolist()), False
    frame = values.to_frame(name=name).reset_index(drop=True)
    try:
        return pl.DataFrame(frame).to_series().alias(name), False
    except (pl.exceptions.PolarsError, ValueError, TypeError, OverflowError):
        return _as_text(name, values.tolist()), True


def _fit_together(kinds: set[type]) -> bool:
    """Whether values of these types are numbers or times of one type."""
    names = {kind.__name__ for kind in kinds}
    numbers = {"int", "float", "int64", "int32", "float64", "float32", "Decimal"}
    return names <= numbers or (names <= {"datetime", "Timestamp", "date", "datetime64"} and "date" not in names)


def _is_nothing(value: Any) -> bool:
    return (
        value is None or type(value).__name__ in ("NAType", "NaTType") or (isinstance(value, float) and value != value)
    )


def _as_text(name: str, values: Iterable[Any]) -> pl.Series:
    """Values of any kinds as texts: whole floats as whole numbers, records as JSON."""

    def text(value: Any) -> str | None:
        if _is_nothing(value):
            return None
        if isinstance(value, float) and value.is_integer() and abs(value) < 2**53:
            return str(int(value))
        if isinstance(value, dict | list | tuple):
            return json.dumps(value, default=str, ensure_ascii=False)
        return value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value)

    return pl.Series(name, [text(value) for value in values], dtype=pl.String)


def _without_objects(frame: pl.DataFrame) -> tuple[pl.DataFrame, Told]:
    """The frame with columns of Python objects as texts."""
    names = [name for name, dtype in frame.schema.items() if dtype == pl.Object]
    if not names:
        return frame, ()
    frame = frame.with_columns(_as_text(name, frame[name].to_list()) for name in names)
    return frame, (Assumption("columns of Python objects", f"read as text: {', '.join(names)}"),)
