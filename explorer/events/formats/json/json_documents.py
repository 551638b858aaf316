"""JSON documents of any form as one flat object a line, so that no value is lost where kinds are mixed."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

from explorer.events.formats.delimited.dialect import TIME
from explorer.events.quality.assumption import Assumption

NAMED = (
    "records",
    "data",
    "events",
    "results",
    "items",
    "rows",
    "hits",
    "logs",
    "logevents",
    "entries",
    "value",
    "values",
)
PAGING = re.compile(
    r"^(count|total|.*_count|total_.*|next.*|prev.*|page.*|limit|offset|cursor|has_more|took|timed_out|status|success|"
    r"schema|version|self|links|meta|metadata|_shards|code|message|ok)$",
    re.IGNORECASE,
)
SPACE = re.compile(r"[\s,\x1e\ufeff]*")
EXAMPLES = 3
LARGEST = 2**63


def written_as_lines(source: Path, target: Path) -> tuple[Assumption, ...]:
    """Write every record of a JSON text to `target`, one a line; what was assumed. Raises ValueError."""
    text = source.read_text(encoding="utf-8-sig", errors="replace")
    said: list[Assumption] = []
    bad: list[str] = []
    rows: list[dict[str, Any]] = []
    for value in _values(text, bad):
        rows += _records(value, said)
    if not rows:
        where = f"; {bad[0]}" if bad else ""
        raise ValueError(f"it holds no records{where}")
    if len(bad) > len(rows):
        raise ValueError(f"most of it is no JSON; {bad[0]}")
    mixed = _mixed(rows)
    with target.open("w", encoding="utf-8") as file:
        for row in rows:
            plain = {name: _as_text(value) if name in mixed else value for name, value in row.items()}
            file.write(json.dumps(plain, ensure_ascii=False, allow_nan=False, default=str) + "\n")
    if bad:
        many = "1 piece" if len(bad) == 1 else f"{len(bad):,} pieces"
        said.append(Assumption("text that is no JSON", f"{many}, left out", "; ".join(bad[:EXAMPLES])))
    if mixed:
        said.append(Assumption("columns of several kinds of values", f"kept as text: {', '.join(sorted(mixed))}"))
    return tuple(dict.fromkeys(said))


def _values(text: str, bad: list[str]) -> Iterator[Any]:
    """The values that stand in a text one after the other; pieces between them that are none are collected."""
    decoder = json.JSONDecoder(parse_constant=lambda _: None)
    at = _skipped(text, 0)
    while at < len(text):
        try:
            value, at = decoder.raw_decode(text, at)
            yield value
        except json.JSONDecodeError as error:
            if text[at] == "[" and (cut := _cut_off(text, at + 1, decoder)):
                yield cut[0]
                line = text.count("\n", 0, cut[1]) + 1
                bad.append(f"line {line}, where the text ends: {text[cut[1] : cut[1] + 60]!r}")
                return
            line = text.count("\n", 0, at) + 1
            end = text.find("\n", at)
            end = len(text) if end < 0 else end
            bad.append(f"line {line}: {text[at : min(end, at + 60)]!r}")
            if len(bad) > 10_000:
                raise ValueError(f"line {line}: {error.msg}") from None
            at = end
        at = _skipped(text, at)


def _cut_off(text: str, at: int, decoder: json.JSONDecoder) -> tuple[list[Any], int] | None:
    """The values of a list that ends in the middle of one, and where that one begins; None for what is no such list."""
    found: list[Any] = []
    at = _skipped(text, at)
    try:
        while at < len(text):
            value, end = decoder.raw_decode(text, at)
            found.append(value)
            at = _skipped(text, end)
    except json.JSONDecodeError as error:
        if not found or (error.pos < len(text) - 1 and "Unterminated" not in error.msg):
            return None
    return found, at


def _skipped(text: str, at: int) -> int:
    found = SPACE.match(text, at)
    return found.end() if found else at


def _records(value: Any, said: list[Assumption]) -> Iterator[dict[str, Any]]:
    """The records of one value: itself, those in its list, or those of a table."""
    if isinstance(value, list):
        if value and all(isinstance(row, list) for row in value):
            yield from _table(value)
            return
        for one in value:
            if isinstance(one, dict):
                yield _flat(one)
        return
    if not isinstance(value, dict):
        return
    table = _of_columns(value)
    if table is not None:
        said.append(Assumption("form of the JSON", "one list or object for each column"))
        yield from table
        return
    path = _where(value)
    if path is None:
        yield _flat(value)
        return
    inner = value
    beside: dict[str, Any] = {}
    for name in path:
        beside |= {key: one for key, one in inner.items() if not isinstance(one, dict | list) and not PAGING.match(key)}
        inner = inner[name]
    said.append(Assumption("records", f"taken from '{'.'.join(path)}'"))
    for record in inner:
        if isinstance(record, dict):
            yield beside | _flat(record)


def is_record(value: dict[str, Any], is_one_of_many: bool) -> bool:
    """Whether an object is one record, not a document that holds them."""
    if _of_columns(value) is not None and not is_one_of_many:
        return False
    path = _where(value)
    return path is None or (is_one_of_many and len([key for key in value if not PAGING.match(key)]) > 1)


def _where(value: dict[str, Any], depth: int = 3) -> tuple[str, ...] | None:
    """The keys that lead to the list of records in a document that is no record itself."""
    lists = {name: one for name, one in value.items() if _is_records(one)}
    scalars = sum(1 for name, one in value.items() if not isinstance(one, dict | list) and not PAGING.match(name))
    named = [name for name in lists if name.lower() in NAMED]
    one = named[0] if named else next(iter(lists)) if len(lists) == 1 and len(value) <= 8 else None
    # Records tell times; the lists within one record, such as the items of an order, seldom do.
    if one is not None and scalars <= 8 and (not scalars or _tell_times(lists[one])) and not _is_pairs(lists[one]):
        return (one,)
    if depth and not lists and scalars <= 4:
        for name, one in value.items():
            if isinstance(one, dict) and (found := _where(one, depth - 1)) is not None:
                return (name, *found)
    return None


def _is_records(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(one, dict) for one in value[:100])


def _tell_times(records: list[dict[str, Any]]) -> bool:
    return any(TIME.match(str(value)) for record in records[:5] for value in _flat(record).values())


def _is_pairs(records: list[dict[str, Any]]) -> bool:
    return all({name.lower() for name in record} & {"key", "name"} and len(record) == 2 for record in records)


def _of_columns(value: dict[str, Any]) -> list[dict[str, Any]] | None:
    """The rows of a table that is written column by column, or as names and rows."""
    names, rows = value.get("columns"), value.get("data")
    if isinstance(names, list) and isinstance(rows, list) and rows and all(isinstance(row, list) for row in rows):
        return [_flat(dict(zip(map(str, names), row, strict=False))) for row in rows]
    columns = list(value.values())
    if len(columns) > 1 and all(isinstance(one, list) for one in columns):
        same = {len(one) for one in columns}
        if len(same) == 1 and not any(isinstance(cell, dict | list) for one in columns for cell in one):
            return [dict(zip(value, row, strict=True)) for row in zip(*columns, strict=True)]
    if len(columns) > 1 and all(isinstance(one, dict) and "0" in one for one in columns):
        keys = list(dict.fromkeys(key for one in columns for key in one))
        return [_flat({name: one.get(key) for name, one in value.items()}) for key in keys]
    return None


def _table(rows: list[list[Any]]) -> Iterator[dict[str, Any]]:
    header = rows[0]
    if all(isinstance(cell, str) for cell in header) and len(rows) > 1 and rows[1] != header:
        names, rows = [str(cell) for cell in header], rows[1:]
    else:
        names = [f"column_{at + 1}" for at in range(max(map(len, rows)))]
    for row in rows:
        yield _flat(dict(zip(names, row, strict=False)))


def _flat(record: dict[str, Any], before: str = "") -> dict[str, Any]:
    """A record whose inner records are dotted names; lists stay."""
    found: dict[str, Any] = {}
    for name, value in record.items():
        if isinstance(value, dict) and value:
            found |= _flat(value, f"{before}{name}.")
        else:
            found[before + name] = None if value == {} else value
    return found


def _mixed(rows: list[dict[str, Any]]) -> set[str]:
    """The columns whose values are of kinds that no type but text holds."""
    kinds: dict[str, set[str]] = {}
    for row in rows:
        for name, value in row.items():
            if value is not None:
                kinds.setdefault(name, set()).add(_kind(value))
    return {name for name, some in kinds.items() if len(some) > 1 and some not in ({"int", "float"},)}


def _kind(value: Any) -> str:
    if isinstance(value, bool):
        return "bool"
    if isinstance(value, int):
        return "int" if -LARGEST <= value < LARGEST else "large"
    if isinstance(value, list):
        inner = {_kind(one) for one in value if one is not None}
        return f"list of {'|'.join(sorted(inner - {'int'} or inner))}" if inner else "list of dict"
    return type(value).__name__


def _as_text(value: Any) -> Any:
    return value if value is None or isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)


def first_records(head: bytes) -> bytes:
    """The records that stand whole in the beginning of one long list, as a list; empty where it is none."""
    text = head.decode("utf-8", "ignore").lstrip("\ufeff \t\r\n")
    if not text.startswith("["):
        return b""
    decoder, found, at = json.JSONDecoder(), list[str](), _skipped(text, 1)
    with suppress(json.JSONDecodeError):
        while at < len(text):
            _, end = decoder.raw_decode(text, at)
            found.append(text[at:end])
            at = _skipped(text, end)
    return f"[{','.join(found)}]".encode() if found else b""
