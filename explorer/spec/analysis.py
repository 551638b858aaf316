"""The whole document: columns, session definitions, charts; as YAML, JSON and a link."""

import json
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Self
from urllib.parse import parse_qsl

import yaml

from explorer.errors import SpecError, as_text, did_you_mean, located, outside, quoted
from explorer.spec.charts.chart import Chart
from explorer.spec.cohort import Cohort, Members, check_cohorts, members
from explorer.spec.columns import Columns
from explorer.spec.context.annotation import Annotation
from explorer.spec.context.link import Link
from explorer.spec.document import Spec, flat, nested, query_text, read_all
from explorer.spec.session import SessionDefinition
from explorer.spec.yaml_text import plain_values

VERSION = 1
# From each older version to the next: plain values in, plain values out. There is no older one yet.
UPGRADES: dict[int, Callable[[dict[str, Any]], dict[str, Any]]] = {}
ORDER = ("version", "title", "notes", "source", "columns", "sessions", "cohorts", "charts", "links", "annotations")
TAG = re.compile("<(?=[A-Za-z/!?])")
BREAK = re.compile("[\x85\u2028\u2029]")  # YAML ends lines at these too, and reads all of them back as one


@dataclass(frozen=True)
class Analysis(Spec):
    """What is analysed and how. A change is a new document: `analysis.replace(...)`.

    `title` and `notes` are the analyst's words on it; notes are Markdown. `links` lead from sessions to other tools,
    `annotations` are notes on moments of time.
    """

    columns: Columns
    sessions: tuple[SessionDefinition, ...]
    charts: tuple[Chart, ...] = ()
    source: str | None = None
    version: int = VERSION
    title: str = ""
    notes: str = ""
    cohorts: tuple[Cohort, ...] = ()
    links: tuple[Link, ...] = ()
    annotations: tuple[Annotation, ...] = ()

    if TYPE_CHECKING:

        def __init__(
            self,
            columns: Columns | dict[str, Any],
            sessions: Sequence[SessionDefinition | dict[str, Any]],
            charts: Sequence[Chart | dict[str, Any]] = (),
            source: str | None = None,
            version: int = ...,
            title: str = "",
            notes: str = "",
            cohorts: Sequence[Cohort | dict[str, Any]] = (),
            links: Sequence[Link | dict[str, Any]] = (),
            annotations: Sequence[Annotation | dict[str, Any]] = (),
        ) -> None: ...

    def __post_init__(self) -> None:
        with located("version"):
            self._set("version", _version(self.version))
        for name in ("title", "notes"):
            with located(name):
                self._set(name, _words(getattr(self, name)))
        with located("columns"):
            self._set("columns", Columns.read(self.columns))
        self._set("sessions", read_all(SessionDefinition, self.sessions, "sessions"))
        self._set("charts", read_all(Chart, self.charts, "charts"))
        self._set("links", read_all(Link, self.links, "links"))
        self._set("annotations", read_all(Annotation, self.annotations, "annotations"))
        for what in ("sessions", "links"):
            names = [each.name for each in getattr(self, what)]
            for at, name in enumerate(names):
                if name in names[:at]:
                    with located(f"{what}[{at}].name"):
                        raise SpecError(f"'{name}' is taken already. Choose another name.")
        if not self.sessions:
            with located("sessions"):
                raise SpecError("An analysis has at least one session definition.")
        for at, session in enumerate(self.sessions):
            for place, metric in enumerate(session.metrics):
                if metric.name in (*self.columns.actor, self.columns.actor_name):
                    with located(f"sessions[{at}].metrics[{place}].name"):
                        raise SpecError(f"'{metric.name}' is the actor. Choose another name.")
        self._set("cohorts", read_all(Cohort, self.cohorts, "cohorts"))
        columns = self.columns
        derived = (each.name for each in columns.derived)
        check_cohorts(self.cohorts, self.sessions, (*columns.actor, columns.actor_name, *columns.times, *derived))
        for at, chart in enumerate(self.charts):
            with located(f"charts[{at}].session"):
                self.session(chart.session)

    def session(self, name: str) -> SessionDefinition:
        """The definition of that name; raises SpecError with the names that there are."""
        for session in self.sessions:
            if session.name == name:
                return session
        names = [session.name for session in self.sessions]
        raise SpecError(f"There is no session definition '{name}'. {did_you_mean(name, names)}")

    def with_session(self, definition: SessionDefinition, instead_of: str | None = None) -> Self:
        """The analysis with this definition in the place of the one named the same (or `instead_of`)."""
        old = instead_of or definition.name
        self.session(old)
        charts = tuple(
            chart.replace(session=definition.name) if chart.session == old else chart for chart in self.charts
        )
        sessions = tuple(definition if session.name == old else session for session in self.sessions)
        cohorts = tuple(one.replace(session=definition.name) if one.session == old else one for one in self.cohorts)
        return self.replace(sessions=sessions, charts=charts, cohorts=cohorts)

    @property
    def members(self) -> tuple[Members, ...]:
        """The cohorts with all that says who belongs to them, each after those that it reads."""
        return tuple(members(self.cohorts, self.sessions))

    # ---- out

    def plain(self) -> dict[str, Any]:
        values = super().plain() | {"version": self.version}
        return {name: values[name] for name in ORDER if name in values}

    def to_yaml(self, *, inside_html: bool = False) -> str:
        """The document as YAML, one metric and one chart a line; `inside_html` it can stand in a script element."""
        dumper = _HtmlDumper if inside_html else _Dumper
        text = yaml.dump(_flowing(self.plain()), Dumper=dumper, sort_keys=False, allow_unicode=True, width=10_000)
        return TAG.sub(r"\\x3C", text) if inside_html else text

    def to_json(self) -> str:
        """The document as JSON."""
        return json.dumps(self.plain(), ensure_ascii=False, indent=2)

    def to_query(self, since: Self | None = None) -> str:
        """The document as the part of a link behind the question mark; with `since`, only what differs from it."""
        whole = query_text(flat(self.plain()))
        if since is None:
            return whole
        mine, theirs = flat(self.plain()), flat(since.plain())
        changed = {name: mine.get(name, "") for name in (*theirs, *mine) if mine.get(name) != theirs.get(name)}
        short = query_text(changed)
        # Where a list became shorter, what differs does not say which one is gone.
        try:
            return short if type(self).from_query(short, since) == self else whole
        except SpecError:
            return whole

    # ---- in

    @classmethod
    def read(cls, value: Any) -> Self:
        """Accept an analysis or its plain values; an older version is brought up to this one step by step."""
        while isinstance(value, dict) and (step := UPGRADES.get(_number(value.get("version")))):
            value = step(value)
        return super().read(value)

    @classmethod
    def from_yaml(cls, text: str) -> Self:
        """Read YAML or JSON; raises SpecError that names the place."""
        with outside("This document"):
            return cls.read(plain_values(text))

    from_json = from_yaml

    @classmethod
    def from_query(cls, query: str, since: Self | None = None) -> Self:
        """Read the part of a link behind the question mark; where it is no whole document, over `since`."""
        with outside("This link"):
            said = dict(parse_qsl(query.removeprefix("?"), keep_blank_values=True))
            if since is not None and "version" not in said:
                said = flat(since.plain()) | said
            return cls.read(nested(said))


def _number(version: Any) -> int:
    text = quoted(version).strip("'")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 9 else VERSION


def _words(value: Any) -> str:
    if value is not None and not isinstance(value, str):
        raise SpecError(f"{quoted(value)} is not a text. Put it in quotes.")
    return value or ""


def _version(value: Any) -> int:
    if quoted(value).strip("'") != str(VERSION):
        newer = f"This is version {VERSION}: a newer program may know it."
        raise SpecError(f"Version {as_text(value)} cannot be read here. {newer}")
    return VERSION


class _Flow(dict[str, Any]):
    """A mapping that is written on one line."""


class _Dumper(yaml.SafeDumper):
    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
        return super().increase_indent(flow, False if flow else indentless)


_Dumper.add_representer(
    _Flow,
    lambda dumper, value: dumper.represent_mapping("tag:yaml.org,2002:map", value.items(), flow_style=True),
)


def _text(dumper: yaml.SafeDumper, value: str) -> yaml.ScalarNode:
    quoted = BREAK.search(value) or (isinstance(dumper, _HtmlDumper) and TAG.search(value))
    style = '"' if quoted else "|" if "\n" in value else None
    return dumper.represent_scalar("tag:yaml.org,2002:str", value, style=style)


_Dumper.add_representer(str, _text)


class _HtmlDumper(_Dumper):
    """Writes what looks like a tag in double quotes: there `<` may be escaped."""


def _flowing(plain: dict[str, Any]) -> dict[str, Any]:
    written = dict(plain)
    written["columns"] = _Flow(plain["columns"])
    written["sessions"] = [
        session | {name: [_Flow(m) for m in session[name]] for name in ("metrics", "actor_metrics") if name in session}
        for session in plain["sessions"]
    ]
    for name in ("cohorts", "charts", "links", "annotations"):
        if name in plain:
            written[name] = [_Flow(one) for one in plain[name]]
    return written


def first_analysis(columns: Columns, source: str | None = None) -> Analysis:
    """What every source begins with: sessions cut at 30 minutes."""
    return Analysis(columns, (SessionDefinition(name="session", inactivity="30m"),), source=source)
