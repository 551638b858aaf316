"""Conditions, expressions, durations, documents, links, saved states and selections."""

from __future__ import annotations

from typing import Any

import polars as pl
import pytest
from hypothesis import strategies as st

import explorer
from explorer.crossfilter.selections.conditions import to_clause
from explorer.crossfilter.selections.range_text import brush_text
from explorer.crossfilter.selections.selection import Selection
from explorer.engine.local.condition_schemas import session_schema
from explorer.plan.check import check
from explorer.plan.in_polars.predicate import predicate
from explorer.spec.analysis import Analysis
from explorer.spec.charts.chart import Chart
from explorer.spec.duration import Duration
from explorer.spec.expression.clause import parse, parse_value
from explorer.spec.expression.clause_words import clause_words, value_words
from explorer.state import Explorer
from tests.factories import GALLERY, made
from tests.fuzz.fuzzing import fuzz, pieces, spoiled
from widgets.document.saved_state import Kept

pytestmark = pytest.mark.slow

LOG = explorer.connect(made(), actor="user", time="ts", event="event")
DOCUMENTS = [path.read_text(encoding="utf-8") for path in GALLERY]
READ = [Analysis.from_yaml(text) for text in DOCUMENTS]

OTHER = {"user": pl.String(), "ts": pl.Datetime("us", "UTC"), "amount": pl.Duration("us"), "event": pl.Boolean()}
WORDS = (
    *("user", "ts", "event", "amount", "page", "platform"),
    *("x.y", '"a b"', "visit.duration", "duration", "nothing"),
    *(" AND ", " OR ", " NOT ", " IN ", " LIKE ", " ILIKE "),
    *(" BETWEEN ", " IS NULL", " IS NOT NULL", " ~ ", " CASE "),
    *(" = ", " != ", " <> ", " < ", " <= ", " > ", " >= "),
    *(" + ", " - ", " * ", " / ", " % ", " || ", "::", " AS "),
    *("(", ")", ", ", "'", '"', "''", "[", "]", "{", "}", ";"),
    *("--", "/*", "*/", "\\", "$1", "?", ":a", "@", "`", "\0"),
    *("'login'", "'30m'", "'2024-03-01'", "'2024-99-99'", "1"),
    *("-1", "1e400", "0.1", "9" * 30, "TRUE", "NULL", "²"),
    *(
        "contains(",
        "lower(",
        "url_param(",
        "date_trunc(",
        "coalesce(",
        "now()",
        "CAST(",
        "json_value(",
        "regexp_extract(",
    ),
    *(
        "WHEN ",
        " THEN ",
        " ELSE ",
        " END",
        "SELECT ",
        " FROM ",
        "INTERVAL '1 day'",
        "x -> x",
        "count(",
        "sum(",
        "least(",
    ),
)


def conditions() -> st.SearchStrategy[str]:
    good = st.sampled_from(
        [
            "event = 'login' AND NOT (amount BETWEEN 1 AND 2.5 OR page LIKE '/a%')",
            "contains(page, 'x') OR page ~ '^/[a-z]+$' AND user IN ('a', 'b') OR amount IS NULL",
            "duration > '1h 30m' AND started_by != 'first' AND start < '2024-03-30 21:00'",
            "CASE WHEN amount > 1 THEN 'a' ELSE lower(page) END = 'a'",
        ]
    )
    return st.one_of(pieces(*WORDS), spoiled(good, pieces(*WORDS)))


def test_conditions() -> None:
    def read(text: str) -> None:
        clause = parse(text)
        assert parse(str(clause)) == clause
        clause_words(clause)
        LOG.count(clause)
        predicate(
            clause, {"user": pl.String(), "ts": pl.Datetime("us", "UTC"), "amount": pl.Duration("us")}, "Europe/Berlin"
        )

    assert fuzz(conditions(), read)


def test_values() -> None:
    def read(text: str) -> None:
        value = parse_value(text)
        assert parse_value(str(value)) == value
        value_words(value)

    assert fuzz(conditions(), read)


def test_durations() -> None:
    numbers = st.one_of(st.integers(), st.floats(), st.booleans(), st.none(), st.timedeltas(), st.lists(st.integers()))
    parts = (
        "30",
        "1.5",
        ".5",
        "m",
        "h",
        " ",
        "min",
        "µs",
        "us",
        "w",
        "-",
        "e",
        "9" * 40,
        "inf",
        "nan",
        "²",
        "1_0",
        "٣",
    )

    def read(value: Any) -> None:
        duration = Duration.parse(value)
        assert Duration.parse(str(duration)) == duration

    assert fuzz(st.one_of(pieces(*parts), st.text(), numbers), read)


INSIDE_YAML = (
    *(
        "\n",
        "\n  ",
        "- ",
        ": ",
        "{",
        "}",
        "[",
        "]",
        "&a ",
        "*a",
        "<<: *a",
        "!!python/object:os.system",
        "!!binary ",
        "|",
    ),
    *("metrics", "sessions", "charts", "name", "inactivity"),
    *("30m", "keep", "scope", "nth", "column", "null", "~", "%"),
    *("2024-99-99", "2024-01-01", "1e999", ".nan", "0x1F", "1:2:3"),
    *("9" * 5_000, "'", '"', "#", "\t", "\x85", "\ud7ff"),
)


def test_documents() -> None:
    def read(text: str) -> None:
        analysis = Analysis.from_yaml(text)
        assert Analysis.from_yaml(analysis.to_yaml()) == analysis
        assert Analysis.from_json(analysis.to_json()) == analysis
        for problem in check(analysis, LOG.schema):
            str(problem)

    assert fuzz(spoiled(st.sampled_from(DOCUMENTS), pieces(*INSIDE_YAML)), read)


def test_definitions_are_cut_or_refused() -> None:
    def read(text: str) -> None:
        analysis = Analysis.from_yaml(text)
        engine = LOG.under(analysis.columns)
        for definition in analysis.sessions[:3]:
            engine.sessions(definition)
        for chart in analysis.charts[:3]:
            engine.query(chart, analysis.session(chart.session))

    assert fuzz(spoiled(st.sampled_from(DOCUMENTS), pieces(*INSIDE_YAML, *WORDS)), read)


def test_links() -> None:
    parts = (
        "sessions.",
        "0",
        ".",
        "=",
        "&",
        "name",
        "²",
        "%00",
        "%C2%B2",
        "+",
        "metrics.",
        "-1",
        "99999999999",
        "columns",
    )

    def read(text: str) -> None:
        for since in (None, READ[0]):
            analysis = Analysis.from_query(text, since)
            assert Analysis.from_query(analysis.to_query(since), since) == analysis

    good = st.sampled_from([analysis.to_query() for analysis in READ])
    assert fuzz(st.one_of(pieces(*parts), spoiled(good, pieces(*parts))), read)


def test_saved_states() -> None:
    texts = st.one_of(
        st.text(max_size=20), st.sampled_from(DOCUMENTS), spoiled(st.sampled_from(DOCUMENTS), pieces(*INSIDE_YAML))
    )
    value = st.one_of(texts, st.none(), st.integers(), st.lists(st.text()), st.dictionaries(st.text(), st.text()))
    records = st.fixed_dictionaries({}, optional={"yaml": value, "brush": value, "show": value, "mark": value})
    state = Explorer(engine=LOG, analysis=READ[0], session=READ[0].sessions[0].name)

    def read(record: dict[str, Any]) -> None:
        if (kept := Kept.read(record)) is not None:
            kept.restore(state)

    assert fuzz(records, read)


def test_selections() -> None:
    parts = (
        *(
            "duration",
            "event_count",
            "platform",
            "start",
            "user",
            ":",
            "..",
            "|",
            ";",
            "!",
            "%3A",
            "%",
            "%ZZ",
            "~",
            "-",
        ),
        *(
            "1m",
            "10m",
            "2",
            "6",
            "ios",
            "2024-03-04T00:00",
            "2024-99-99T00:00",
            "0001-01-01",
            "9" * 400,
            "inf",
            "nan",
            "²",
        ),
    )
    definition = READ[0].sessions[0]
    schema = session_schema(LOG.session_table(definition))
    good = st.sampled_from(["duration:1m..10m;platform:ios|web;start:2024-03-04T00:00..2024-03-11T00:00", "user:!a|b"])

    def read(text: str) -> None:
        selection = Selection.from_text(text)
        assert Selection.from_text(selection.to_text()) == selection
        for brush in selection.values():
            brush_text(brush, zone="Europe/Berlin")
        to_clause(selection, schema)

    assert fuzz(st.one_of(pieces(*parts), spoiled(good, pieces(*parts))), read)


def test_charts() -> None:
    parts = (
        "median ",
        "share ",
        "where ",
        "duration",
        "sum ",
        "p90",
        " / ",
        "start:week",
        "platform",
        "::",
        "(",
        "²",
        "of",
    )
    kinds = st.sampled_from(["bar", "line", "distribution", "heatmap", "scatter", "number", "table", "funnel", "²"])

    def read(said: tuple[str, str, str]) -> None:
        kind, measure, by = said
        chart = Chart(kind, "visit", measure=measure, by=(by,))
        LOG.query(chart, explorer.SessionDefinition("visit", "30m"))

    assert fuzz(st.tuples(kinds, pieces(*parts), pieces(*parts)), read)
