"""The links of sessions: which columns they may name, and their addresses row by row."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime

import polars as pl

from explorer.errors import SpecError, did_you_mean
from explorer.plan.meaning import outer_name
from explorer.spec.analysis import Analysis
from explorer.spec.columns import Columns
from explorer.spec.context.link import FORMS, Link
from explorer.spec.session import SessionDefinition

OF_SESSIONS = (
    "session_id", "session_number", "start", "end", "duration", "event_count", "started_by", "cut_off",
)  # fmt: skip
ACTOR = "actor"
Addresses = list[tuple[str, str]]


def linkable(definition: SessionDefinition, columns: Columns) -> tuple[str, ...]:
    """What the links of a definition's sessions may name.

    >>> linkable(SessionDefinition("visit", "30m", split_by="platform"), Columns("user", "ts"))[-3:]
    ('actor', 'user', 'platform')
    """
    one = (ACTOR,) if len(columns.actor) == 1 else ()
    return (*OF_SESSIONS, *one, *columns.actor, *definition.split_by, *(metric.name for metric in definition.metrics))


def check_link(link: Link, analysis: Analysis) -> None:
    """Raises SpecError for a link that names what no definition has."""
    known = {name for definition in analysis.sessions for name in linkable(definition, analysis.columns)}
    for name, _ in link.places:
        if name not in known:
            raise SpecError(f"sessions have no column '{name}'. {did_you_mean(name, sorted(known))}")


def row_links(links: Iterable[Link], frame: pl.DataFrame, columns: Columns) -> list[Addresses]:
    """For each row of a frame of sessions the names and addresses of its links; without those whose values are
    missing.

    >>> frame = pl.DataFrame({"session_id": ["ann/1", "bob/1"], "user": ["ann", "bob & co"]})
    >>> row_links([Link("CRM", "https://crm.example.com/?who={actor}")], frame, Columns("user", "ts"))
    [[('CRM', 'https://crm.example.com/?who=ann')], [('CRM', 'https://crm.example.com/?who=bob%20%26%20co')]]
    """
    found: list[Addresses] = [[] for _ in range(frame.height)]
    for link in links:
        texts = {}
        for name, form in link.places:
            column = _column(name, frame, columns)
            if column is None:
                break
            texts[f"{name}:{form}" if form else name] = _texts(column, form)
        else:
            for at, row in enumerate(_rows(texts, frame.height)):
                address = link.filled(row)
                if address is not None:
                    found[at].append((link.name, address))
    return found


def _rows(texts: Mapping[str, Sequence[str | None]], height: int) -> Iterable[dict[str, str | None]]:
    return ({name: values[at] for name, values in texts.items()} for at in range(height))


def _column(name: str, frame: pl.DataFrame, columns: Columns) -> pl.Series | None:
    """A column of sessions; an actor by its own name, whatever it is called beside ours."""
    if name == ACTOR and len(columns.actor) == 1 and ACTOR not in columns.actor:
        name = columns.actor[0]
    outer = outer_name(name) if name in columns.actor else name
    return frame[outer] if outer in frame.columns else None


def _texts(values: pl.Series, form: str) -> list[str | None]:
    """Values as an address has them: times as ISO 8601, durations in seconds, or both in a form."""
    dtype = values.dtype
    if isinstance(dtype, pl.Datetime):
        if form:
            return [None if us is None else str(us // _size(form)) for us in _micros(values)]
        aware = dtype.time_zone is not None
        return [None if time is None else _iso(time, aware) for time in values.to_list()]
    if isinstance(dtype, pl.Duration):
        size = _size(form or "s")
        return [None if us is None else f"{us / size:.6f}".rstrip("0").rstrip(".") for us in _micros(values)]
    if dtype == pl.Boolean:
        return [None if value is None else str(value).lower() for value in values]
    if dtype.is_float():
        return [None if value is None or value != value else f"{value:.15g}" for value in values]
    return [None if value is None else str(value) for value in values]


def _size(form: str) -> int:
    return {"ms": 1_000, "s": 1_000_000}[form] if form in FORMS else 1


def _micros(values: pl.Series) -> list[int | None]:
    return values.dt.cast_time_unit("us").to_physical().to_list()


def _iso(time: datetime, aware: bool) -> str:
    moment = time.astimezone(UTC).replace(tzinfo=None) if aware else time
    return f"{moment.isoformat()}{'Z' if aware else ''}"
