"""Published session examples give their published answers: by the oracle and by the public interface."""

from typing import Any

import polars as pl
import pytest

import explorer
from tests import oracle
from tests.published import EXAMPLES, Published

every_example = pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.name)


def answer(example: Published) -> list[tuple]:
    """What was published: actor, time and number of every event, or some columns of every session."""
    if example.sessions:
        return sorted(tuple(row.values()) for row in example.sessions)
    return sorted((*_who_and_when(example, row), at) for row, at in zip(example.events, example.numbers, strict=True))


def published_part(example: Published, sessions: list[dict[str, Any]]) -> list[tuple]:
    return sorted(tuple(session[name] for name in example.sessions[0]) for session in sessions)


def by_oracle(example: Published, **changes: Any) -> list[tuple]:
    found = oracle.sessions(example.events, example.columns, example.definition.replace(**changes))
    if example.sessions:
        return published_part(example, found)
    return sorted(
        (*_who_and_when(example, example.events[row]), session["session_number"])
        for session in found
        for row in session["rows"]
    )


def _who_and_when(example: Published, row: dict[str, Any]) -> tuple:
    return tuple(row[name] for name in (*example.columns.actor, example.columns.time))


def test_every_answer_is_complete():
    for example in EXAMPLES:
        assert bool(example.numbers) != bool(example.sessions)
        assert len(example.numbers or example.events) == len(example.events)


@every_example
def test_oracle(example: Published):
    assert by_oracle(example) == answer(example)


@every_example
def test_the_boundary_matters_exactly_where_it_is_said_to(example: Published):
    other = {">": ">=", ">=": ">"}[example.definition.boundary]
    assert (by_oracle(example, boundary=other) != answer(example)) == example.tight


@every_example
def test_public_interface(example: Published):
    columns = example.columns
    log = explorer.connect(pl.DataFrame(example.events), actor=list(columns.actor), time=columns.time)
    if example.sessions:
        assert published_part(example, log.sessions(example.definition).to_dicts()) == answer(example)
    else:
        wanted = log.events(example.definition).select(*columns.actor, columns.time, "session_number")
        assert sorted(wanted.rows()) == answer(example)
