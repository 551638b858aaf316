"""Clauses in English."""

import pytest
from hypothesis import given

from explorer.spec.expression.clause import Clause, leaves, parse
from explorer.spec.expression.clause_words import clause_words
from tests.strategies import clauses


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("event = 'login'", "event is 'login'"),
        ("NOT event = 'login'", "event is not 'login'"),
        ("NOT event != 'login'", "event is 'login'"),
        ("event != 'it''s'", "event is not 'it''s'"),
        ("NOT amount > 10", "not (amount > 10)"),
        ("platform IN ('ios')", "platform is 'ios'"),
        ("NOT platform IN ('ios', 'web', 'tv')", "platform is not 'ios', 'web' or 'tv'"),
        ("amount BETWEEN 1 AND 2.5", "amount is between 1 and 2.5"),
        ("NOT page IS NULL AND page LIKE '%x'", "page is not empty and page is like '%x'"),
        ("a = 1 OR b = 2 AND NOT (c = 3 OR d = 4)", "a is 1 or (b is 2 and not (c is 3 or d is 4))"),
        ("TRUE", "anything holds"),
        ("ok", "ok is TRUE"),
    ],
)
def test_words(text: str, words: str):
    assert clause_words(parse(text)) == words


@given(clauses())
def test_every_column_is_said(clause: Clause):
    words = clause_words(clause)
    assert words
    for leaf in leaves(clause):
        assert leaf.column in words
