"""Columns that hold records, key and value lists or JSON text, as plain columns with dotted names."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from io import BytesIO

import polars as pl

from explorer.errors import SourceError, did_you_mean
from explorer.events.formats.names import distinct
from explorer.events.quality.assumption import Assumption

KEYS, VALUES = ("key", "name", "k"), ("value", "val", "v")
MOST_KEYS = 300
WHOLE = ("int_value", "intvalue", "long_value", "longvalue", "integer_value")


def opened(lazy: pl.LazyFrame, texts: Iterable[str] = ()) -> tuple[pl.LazyFrame, tuple[Assumption, ...]]:
    """The same rows without records: each field is a column such as `device.category`.

    Lists of keys and values become one column for each key. `texts` are columns of JSON text that are opened too.
    Raises SourceError.
    """
    said: list[Assumption] = []
    for name in texts:
        lazy = _decoded(lazy, name)
    schema = lazy.collect_schema()
    while inner := [name for name, dtype in schema.items() if isinstance(dtype, pl.Struct) or _is_pairs(dtype)]:
        names, exprs = [], []
        for name, dtype in schema.items():
            columns = list(_inner(lazy, name, dtype, said)) if name in inner else [(name, pl.col(name))]
            names += [column for column, _ in columns]
            exprs += [expr for _, expr in columns]
        unique, told = distinct(names)
        said += told
        lazy = lazy.select(expr.alias(one) for expr, one in zip(exprs, unique, strict=True))
        left = schema
        schema = lazy.collect_schema()
        if schema == left:
            break
    return lazy, tuple(said)


def _inner(lazy: pl.LazyFrame, name: str, dtype: pl.DataType, said: list[Assumption]) -> Iterator[tuple[str, pl.Expr]]:
    if isinstance(dtype, pl.Struct):
        for field in dtype.fields:
            yield f"{name}.{field.name}", pl.col(name).struct.field(field.name)
        if not dtype.fields:
            said.append(Assumption(f"column {name}", "left out, its records are all empty"))
        return
    found = _keys(lazy, name, dtype)
    if found is None:
        said.append(Assumption(f"column {name}", f"kept as text, it has more than {MOST_KEYS} different keys"))
        yield name, pl.col(name).list.eval(pl.element().struct.json_encode()).list.join(", ")
        return
    key, fields, keys = found
    own = pl.col(name)
    for text, filled in keys:
        parts = [field for field, is_filled in zip(fields, filled, strict=True) if is_filled] or fields[:1]
        one = own.list.eval(pl.element().filter(pl.element().struct.field(key) == text)).list.first()
        yield f"{name}.{text}", _coalesced([_reached(one, field) for field in parts], [field[-1] for field in parts])


def _is_pairs(dtype: pl.DataType) -> bool:
    inner = getattr(dtype, "inner", None)
    if not isinstance(dtype, pl.List) or not isinstance(inner, pl.Struct):
        return False
    names = [field.name.lower() for field in inner.fields]
    key = next((field for field in inner.fields if field.name.lower() in KEYS), None)
    rest = [name for name in names if key is None or name != key.name.lower()]
    valued = any(name in VALUES or name.endswith(("_value", "value")) for name in rest)
    return (
        key is not None
        and key.dtype == pl.String
        and valued
        and (len(names) == 2 or all("value" in one for one in rest))
    )


Field = tuple[str, ...]


def _keys(
    lazy: pl.LazyFrame, name: str, dtype: pl.DataType
) -> tuple[str, list[Field], list[tuple[str, tuple[bool, ...]]]] | None:
    """The key's field, the fields of the value, and every key with which of these hold something for it."""
    struct: pl.Struct = dtype.inner  # type: ignore[attr-defined]
    key = next(field.name for field in struct.fields if field.name.lower() in KEYS)
    fields: list[Field] = []
    for field in struct.fields:
        if field.name == key:
            continue
        if isinstance(field.dtype, pl.Struct) and field.dtype.fields:
            fields += [(field.name, inner.name) for inner in field.dtype.fields]
        else:
            fields.append((field.name,))
    every = lazy.select(pl.col(name).list.explode(empty_as_null=False, keep_nulls=False))
    one = pl.col(name)
    counts = every.select(
        one.struct.field(key).alias("key"),
        *(_reached(one, field).is_not_null().alias(str(at)) for at, field in enumerate(fields)),
    )
    found = counts.filter(pl.col("key").is_not_null()).group_by("key").agg(pl.all().any()).head(MOST_KEYS + 1)
    keys = found.collect(engine="streaming").sort("key")
    if keys.height > MOST_KEYS:
        return None
    return key, fields, [(str(row[0]), tuple(map(bool, row[1:]))) for row in keys.iter_rows()]


def _reached(value: pl.Expr, field: Field) -> pl.Expr:
    for name in field:
        value = value.struct.field(name)
    return value


def _coalesced(values: list[pl.Expr], names: list[str]) -> pl.Expr:
    if len(values) == 1:
        one = values[0]
        return one.cast(pl.Int64, strict=False) if names[0].lower() in WHOLE else one
    numeric = all(name.lower().startswith(("int", "float", "double", "long", "number")) for name in names)
    return pl.coalesce(value.cast(pl.Float64 if numeric else pl.String) for value in values)


def _decoded(lazy: pl.LazyFrame, name: str) -> pl.LazyFrame:
    """A column of JSON text as records; raises SourceError for what is none."""
    schema = lazy.collect_schema()
    if name not in schema:
        raise SourceError(f"There is no column '{name}' to open as JSON. {did_you_mean(name, schema)}")
    if schema[name] != pl.String:
        return lazy
    text = pl.when(pl.col(name).str.strip_chars() != "").then(pl.col(name).str.replace_all(r"[\r\n]", " "))
    every = lazy.select(text).drop_nulls().unique(maintain_order=True).collect(engine="streaming").to_series()
    odd = every.filter(~every.str.contains(r"^\s*\{.*\}\s*$"))
    if len(odd):
        raise SourceError(f"Column '{name}' is no JSON text: {str(odd[0])[:60]!r} is no object. Leave it as text.")
    if not len(every):
        return lazy
    lines = BytesIO("\n".join(every).encode())
    try:
        dtype = pl.Struct(pl.scan_ndjson(lines, infer_schema_length=None).collect_schema())
        every.str.json_decode(dtype)
    except pl.exceptions.PolarsError as error:
        why = str(error).split("\n")[0]
        raise SourceError(f"Column '{name}' is no JSON text: {why}. Leave it as text.") from None
    return lazy.with_columns(text.str.json_decode(dtype).alias(name))


def json_columns(sample: pl.DataFrame) -> tuple[tuple[str, str], ...]:
    """The columns of texts that are JSON objects, each with an example."""
    found = []
    for name, dtype in sample.schema.items():
        if dtype == pl.String:
            texts = sample[name].drop_nulls().head(1000)
            texts = texts.filter(texts.str.strip_chars() != "")
            if len(texts) and texts.str.contains(r'^\s*\{\s*("[^"]*"\s*:[\s\S]*)?\}\s*$').mean() > 0.9:  # type: ignore[operator]
                found.append((name, str(texts[0])[:60]))
    return tuple(found)
