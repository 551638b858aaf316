"""Presets count as the published examples do, and the page about them is up to date."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from explorer.errors import SpecError
from explorer.spec.columns import Columns
from explorer.spec.presets import PRESETS, Preset, preset
from explorer.spec.session import SessionDefinition
from tests import conformance, oracle
from tests.published import EXAMPLES, Published
from tests.published_answers import answer, by_oracle

every_preset = pytest.mark.parametrize("one", PRESETS, ids=lambda one: one.name)
VISIT = SessionDefinition("visit", "45m", restart="event = 'login'", where="event != 'ping'", description="kept")
# What of a published definition a preset does not decide.
PUBLISHED = {
    "kusto row_window_session": "Kusto row_window_session",
    "madlib, by user": "MADlib sessionize",
    "kafka streams, after the late record": "Kafka Streams",
    "spark session_window": "Spark session_window",
    "flink SESSION, by item": "Flink SESSION",
    "adobe SESS_TIMEOUT": "Adobe SESS_TIMEOUT",
    "duckdb behavioral extension, sessionize": "DuckDB behavioral sessionize",
    "sessions that end at midnight": "AdMost",
}


@pytest.mark.parametrize("name", PUBLISHED)
def test_a_preset_gives_the_published_answer(name: str):
    example: Published = next(example for example in EXAMPLES if example.name == name)
    changes: dict[str, Any] = preset(PUBLISHED[name]).changes()
    assert by_oracle(example, **changes) == answer(example)
    assert changes["boundary"] == example.definition.boundary
    assert preset(PUBLISHED[name]).source.split(": https")[0].split(",")[0] in example.source


@every_preset
def test_only_what_the_tool_decides_changes(one: Preset):
    found = one.applied(VISIT, "Europe/Berlin")
    assert (found.name, found.where, found.description) == ("visit", VISIT.where, "kept")
    assert (found.restart, found.end) == (None, None)
    assert str(found.inactivity) == (one.inactivity or "45m")
    assert found.calendar == ("Europe/Berlin" if one.midnight else None)
    assert one.applied(found, "Europe/Berlin") == found


@every_preset
def test_a_gap_of_exactly_the_inactivity(one: Preset):
    definition = one.applied(VISIT.replace(where=None))
    noon = datetime(2024, 5, 1, 12, tzinfo=UTC)
    gap = timedelta(microseconds=definition.inactivity.us)
    rows = [{"user": "ann", "ts": noon + at * gap} for at in range(2)]
    found = oracle.sessions(rows, Columns(actor="user", time="ts"), definition)
    assert len(found) == (2 if one.exactly == "new session" else 1)


@every_preset
def test_a_preset_says_where_it_is_from(one: Preset):
    assert one.sentence.endswith(".")
    assert ": https://" in one.source
    assert [other.name for other in PRESETS].count(one.name) == 1


def test_an_unknown_preset():
    with pytest.raises(SpecError, match=r"There is no preset 'Matamo'\. Did you mean 'Matomo'"):
        preset("Matamo")


def test_the_page_is_up_to_date():
    assert conformance.PAGE.read_text(encoding="utf-8") == conformance.page()
