"""A metric's name means that metric: it is no column of the source and nothing that is known besides."""

from __future__ import annotations

import duckdb
import polars as pl
import pytest

import explorer
from explorer import Metric, SessionDefinition
from explorer.engine.sql.remote_engine import RemoteEngine
from explorer.errors import SpecError
from explorer.plan.check import check
from explorer.spec.analysis import Analysis
from explorer.spec.session import BUILT_IN, KNOWN_BESIDES
from tests.factories import made

ROLES = {"actor": ["user", "platform"], "time": "ts", "event": "event"}
SOURCE = ("ts", "event", "page", "amount")


def visit(name: str, aggregate: str = "count", column: str | None = None) -> SessionDefinition:
    return SessionDefinition("visit", "30m", metrics=[Metric("n", "count"), Metric(name, aggregate, column)])


@pytest.mark.parametrize("name", [*BUILT_IN, *KNOWN_BESIDES, "n", "visit.duration", "visit.n"])
def test_what_is_known_of_every_session_is_no_name_of_a_metric(name: str):
    with pytest.raises(SpecError, match=r"^metrics\[1\]\.name: .* is taken already"):
        visit(name)


@pytest.mark.parametrize("name", ["user", "platform", "user+platform"])
def test_the_actor_is_none_in_any_document(name: str):
    document = {"columns": ROLES, "sessions": [visit("m").plain(), visit(name).replace(name="other").plain()]}
    with pytest.raises(SpecError, match=r"^sessions\[1\]\.metrics\[1\]\.name: .* is the actor"):
        Analysis.read(document)
    with pytest.raises(SpecError, match=r"sessions\[0\]\.metrics\[1\]\.name: .* is the actor"):
        Analysis.from_query(f"sessions.0.metrics.1.name={name.replace('+', '%2B')}", Analysis(ROLES, (visit("m"),)))


@pytest.mark.parametrize("name", [*SOURCE, "user"])
def test_a_column_of_the_source_is_none_for_an_engine(name: str):
    definition = visit(name)
    local = explorer.connect(made(), **ROLES)
    remote = RemoteEngine.of(duckdb.connect().from_arrow(made().to_arrow()), "events", **ROLES)
    for ask in (local.sessions, local.actors, local.table, remote.sessions, remote.actors):
        with pytest.raises(SpecError, match=r"^metrics\[1\]\.name: "):
            ask(definition)
    if name != "user":
        [problem] = check(Analysis(local.columns, (visit("m"), definition.replace(name="other"))), local.schema)
        assert problem.where == "sessions[1].metrics[1].name"


@pytest.mark.parametrize("aggregate", ["first", "last", "mode"])
def test_a_value_that_is_taken_over_may_keep_its_name(aggregate: str):
    log = explorer.connect(made(), **ROLES)
    assert log.sessions(visit("page", aggregate, "page"))["page"].dtype == pl.String
    with pytest.raises(SpecError, match="is a column of the events"):
        log.sessions(visit("page", "n_unique", "page"))
    with pytest.raises(SpecError, match="is a column of the events"):
        log.sessions(visit("page", aggregate, "event"))
