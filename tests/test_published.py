"""Published session examples give their published answers: by the oracle and by the public interface."""

import polars as pl
import pytest

import explorer
from tests.published import EXAMPLES, Published
from tests.published_answers import answer, by_oracle, published_part

every_example = pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.name)


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
