"""Clauses with muted parts, for hypothesis."""

from __future__ import annotations

from hypothesis import strategies as st

from explorer.spec.expression.clause import All, Any, Clause, Not
from explorer.spec.expression.muted import mute
from tests.strategies import clauses

CONSTANT = st.sampled_from([All(()), Any(())])


def with_muted(smallest: int = 0) -> st.SearchStrategy[Clause]:
    """Clauses with muted and constant parts anywhere, in groups of `smallest` to three."""
    joins = st.sampled_from(["and", "or"])
    return st.recursive(
        st.one_of(clauses(), clauses(), CONSTANT),
        lambda inner: st.one_of(
            st.builds(mute, inner, joins),
            st.builds(Not, inner),
            st.builds(All, st.lists(inner, min_size=smallest, max_size=3).map(tuple)),
            st.builds(Any, st.lists(inner, min_size=smallest, max_size=3).map(tuple)),
        ),
        max_leaves=6,
    )
