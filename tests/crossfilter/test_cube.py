"""The crossfilter against a slow loop over sessions."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from explorer.crossfilter.bins.counts import count_bins
from explorer.crossfilter.bins.extent import extent
from explorer.crossfilter.cube import Crossfilter, Dimension
from explorer.crossfilter.selections.selection import Range, Selection
from tests.charts.made_up import made_up
from tests.examples import examples

NAMES = ("a", "b", "per_actor")


@st.composite
def crossfilters(draw: st.DrawFn) -> Crossfilter:
    sizes = draw(st.lists(st.integers(1, 5), max_size=12))
    n, actors = sum(sizes), len(sizes)
    value = st.integers(0, 12)
    a, b = (draw(st.lists(value, min_size=n, max_size=n)) for _ in "ab")
    own = np.repeat(draw(st.lists(value, min_size=actors, max_size=actors)), sizes).astype(np.int64)
    starts = np.cumsum([0, *sizes[:-1]]) if sizes else np.zeros(0, np.int64)
    dimensions = [
        Dimension.of(count_bins(name, extent(values)), values) for name, values in zip("ab", (a, b), strict=True)
    ]
    return Crossfilter([*dimensions, Dimension.of(count_bins("per_actor", extent(own)), own, per_actor=True)], starts)


@st.composite
def selections(draw: st.DrawFn) -> Selection:
    selection = Selection()
    for name in draw(st.sets(st.sampled_from(NAMES))):
        lo = draw(st.integers(-1, 13))
        hi = draw(st.one_of(st.none(), st.integers(lo + 1, 15)))
        selection = selection.with_(name, Range(lo, hi))
    return selection


def slow(crossfilter: Crossfilter, selection: Selection, without: str | None) -> tuple[set[int], set[int]]:
    """The sessions, and the actors by index, that the brushes hold, one of them left out."""
    starts = crossfilter._starts
    held = set()
    for i in range(len(crossfilter.dimensions["a"].values)):
        values = {name: int(each.values[i]) for name, each in crossfilter.dimensions.items()}
        if all(
            brush.lo <= values[name] and (brush.hi is None or values[name] < brush.hi)
            for name, brush in selection.items()
            if name != without
        ):
            held.add(i)
    return held, {int(np.searchsorted(starts, i, side="right")) - 1 for i in held}


def slow_counts(crossfilter: Crossfilter, selection: Selection, name: str) -> list[int]:
    sessions, actors = slow(crossfilter, selection, name)
    dimension = crossfilter.dimensions[name]
    counts = [0] * len(dimension.bins)
    for i in (int(crossfilter._starts[actor]) for actor in actors) if dimension.per_actor else sessions:
        counts[dimension.codes[i]] += 1
    return counts


@given(crossfilters(), selections())
def test_counts_equal_a_slow_loop(crossfilter: Crossfilter, selection: Selection) -> None:
    for name, counts in crossfilter.counts(selection).items():
        assert counts.tolist() == slow_counts(crossfilter, selection, name)
    sessions, actors = slow(crossfilter, selection, None)
    assert crossfilter.n_sessions(selection) == len(sessions)
    assert crossfilter.n_actors(selection) == len(actors)
    mask = crossfilter.mask(selection)
    if selection:
        assert mask is not None
        assert set(np.flatnonzero(mask)) == sessions
    else:
        assert mask is None


@examples(60)
@given(crossfilters(), selections(), st.sampled_from(NAMES))
def test_a_table_subtracts_to_the_counts(crossfilter: Crossfilter, selection: Selection, active: str) -> None:
    bins = crossfilter.dimensions[active].bins
    table = crossfilter.running(active, selection)
    for lo in range(len(bins)):
        for hi in range(lo + 1, len(bins) + 1):
            brushed = selection.with_(active, bins.range(lo, hi))
            wanted = {name: each.tolist() for name, each in crossfilter.counts(brushed).items() if name != active}
            assert {name: each.tolist() for name, each in table.between(lo, hi).items()} == wanted
            assert table.n_sessions(lo, hi) == crossfilter.n_sessions(brushed)
            assert table.n_actors(lo, hi) == crossfilter.n_actors(brushed)


def test_a_brush_off_the_edges_is_exact() -> None:
    crossfilter = made_up(3_000)
    odd = Range(61_000_001, 700_000_001, "duration")
    values = crossfilter.dimensions["duration"].values
    assert crossfilter.n_sessions(Selection().with_("duration", odd)) == np.sum((values >= odd.lo) & (values < odd.hi))


@pytest.mark.parametrize("n", [0, 1])
def test_hardly_any_sessions(n: int) -> None:
    crossfilter = made_up(n)
    for name, dimension in crossfilter.dimensions.items():
        selection = Selection().with_(name, dimension.bins.range(0, len(dimension.bins)))
        assert crossfilter.n_actors(selection) == crossfilter.n_sessions(selection) == n
        table = crossfilter.running(name, selection)
        assert table.n_actors(0, len(dimension.bins)) == n


def test_nothing_selected_is_the_totals() -> None:
    crossfilter = made_up(500)
    totals = crossfilter.totals()
    assert {name: each.tolist() for name, each in crossfilter.counts(Selection()).items()} == {
        name: each.tolist() for name, each in totals.items()
    }
    assert totals["duration"].sum() == 500
    assert totals["time_in_session"].sum() == crossfilter.n_actors(Selection()) < 500
