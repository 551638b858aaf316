"""Muted clauses: kept in the text, left out of the meaning."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from explorer.plan.in_polars.predicate import predicate
from explorer.spec.expression.clause import All, Any, Clause, Not, parse
from explorer.spec.expression.muted import active, mute, unmuted
from explorer.spec.metric import Metric
from explorer.spec.prose import definition_sentence, metric_sentence
from explorer.spec.session import SessionDefinition
from tests.examples import examples
from tests.spec.expression.muted_clauses import with_muted
from tests.strategies import Log, clauses, logs


@given(logs(), with_muted())
@examples(30)
def test_what_is_active_holds_for_the_same_rows(log: Log, clause: Clause) -> None:
    left = active(clause)
    frame = log.frame
    before = frame.select(predicate(clause, frame.schema)).to_series()
    after = frame.select(predicate(All(()) if left is None else left, frame.schema)).to_series()
    assert before.equals(after)
    assert left == Any(()) or not has_constants(left)


def has_constants(clause: Clause | None) -> bool:
    match clause:
        case All(inner) | Any(inner):
            return len(inner) < 2 or any(map(has_constants, inner))
        case Not(inner):
            return has_constants(inner)
    return False


@given(clauses(), clauses(), st.sampled_from(["and", "or"]))
def test_muting_one_of_two_leaves_the_other(one: Clause, other: Clause, join: str) -> None:
    group = {"and": All, "or": Any}[join]
    assert active(group((mute(one, inside=join), other))) == other  # type: ignore[arg-type]
    assert unmuted(mute(one, inside=join)) == one  # type: ignore[arg-type]


@given(with_muted(smallest=2))
def test_the_text_of_muted_parts_reads_back(clause: Clause) -> None:
    again = parse(str(clause))
    assert again == clause
    assert str(again) == str(clause)


@pytest.mark.parametrize(
    "text",
    [
        "TRUE OR a = 1",
        "FALSE AND a = 1",
        "(TRUE OR a = 1) AND b = 2",
        "a = 1 OR FALSE AND (b = 2 OR c = 3)",
        "TRUE OR (a = 1 OR b = 2)",
        "TRUE OR (TRUE OR a = 1)",
        "NOT (TRUE OR NOT a = 1)",
    ],
)
def test_read_and_said(text: str) -> None:
    assert str(parse(text)) == text


@pytest.mark.parametrize("text", ["TRUE", "a = 1", "TRUE OR a = 1 OR b = 2", "TRUE AND a = 1", "a = 1 OR TRUE"])
def test_other_forms_are_not_muted(text: str) -> None:
    assert unmuted(parse(text)) is None


def test_prose_says_the_active_part_only() -> None:
    visit = SessionDefinition(
        name="visit",
        inactivity="30m",
        where="(TRUE OR a = 1) AND b = 2",
        keep="TRUE OR duration > '1h'",
        restart="TRUE OR event = 'login'",
    )
    assert definition_sentence(visit, "user") == (
        "A session is consecutive events of one user where b is 2, at most 30m apart; every event begins a new session."
    )
    scope = {"contains": "TRUE OR event = 'x'", "where": "duration > '1h'", "nth": 1}
    assert metric_sentence(Metric("m", "count", where="TRUE OR a = 1", scope=scope)) == (
        "m: events, in the actor's first session where duration > '1h'."
    )
    quiet = visit.replace(where=None, keep=None, restart="FALSE AND event = 'login'", end="FALSE AND a = 1")
    assert definition_sentence(quiet, "user") == "A session is consecutive events of one user, at most 30m apart."
