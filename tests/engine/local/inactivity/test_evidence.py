"""Evidence for an inactivity: equal to real cuts, and a suggestion only where the gaps have a clear cutoff."""

from datetime import datetime, timedelta
from math import exp, log

import numpy as np
import numpy.typing as npt
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

import explorer
from explorer.crossfilter.bins.human_edges import human_steps
from explorer.engine.answers.inactivity import Evidence
from explorer.engine.answers.mixture import Mixture, fit
from explorer.engine.local.engine import LocalEngine
from explorer.engine.local.inactivity.evidence import histogram
from explorer.spec.duration import UNITS, Duration
from explorer.spec.session import SessionDefinition
from tests.examples import examples
from tests.strategies import Log, definitions, logs

VISIT = SessionDefinition("visit", "30m")
SECOND, MINUTE, HOUR, DAY = UNITS["s"], UNITS["m"], UNITS["h"], UNITS["d"]


# ---- held to real cuts


@examples(25)
@given(logs(), definitions(), st.integers(0, 5))
def test_every_step_is_what_a_cut_gives(drawn: Log, definition: SessionDefinition, first: int):
    columns = drawn.columns
    engine = explorer.connect(drawn.frame, actor=list(columns.actor), time="ts", order=list(columns.order))
    definition = definition.replace(max_duration=None, keep=None, metrics=())
    evidence = engine.evidence(definition)
    assert evidence.steps["inactivity"].to_list()[0] == timedelta(seconds=1)
    for inactivity, sessions, alone, median in evidence.steps[first::6].iter_rows():
        cut = engine.sessions(definition.replace(inactivity=inactivity))
        assert sessions == cut.height
        if evidence.curve.exact:
            assert evidence.sessions(Duration.parse(inactivity)) == cut.height
        assert alone == ((cut["event_count"] == 1).mean() if cut.height else None)
        assert median == cut["duration"].median()


@examples(25)
@given(logs(), definitions())
def test_the_histogram_holds_every_gap(drawn: Log, definition: SessionDefinition):
    columns = drawn.columns
    evidence = explorer.connect(drawn.frame, actor=list(columns.actor), time="ts").evidence(definition)
    gaps = evidence.curve.gaps
    assert evidence.at_once == (gaps == 0).sum()
    assert evidence.counts.sum() + evidence.at_once == len(gaps)
    for low, high, count in zip(evidence.edges[:-1], evidence.edges[1:], evidence.counts, strict=True):
        assert count == ((gaps >= low) & (gaps < high) & (gaps > 0)).sum()
    for us in (SECOND, 10 * MINUTE, HOUR):
        near = (gaps >= us * 0.95) & (gaps <= us * 1.05)
        assert evidence.near(Duration(us)) == near.sum()


# ---- suggestions


def gaps(*parts: tuple[int, float, float], seed: int = 1) -> npt.NDArray[np.int64]:
    """Log-normal gaps: how many, the middle in microseconds, the deviation in natural logarithms."""
    random = np.random.default_rng(seed)
    drawn = [np.exp(random.normal(log(middle), deviation, count)) for count, middle, deviation in parts]
    return np.rint(np.concatenate(drawn)).astype(np.int64)


def evidence(drawn: npt.NDArray[np.int64]) -> Evidence:
    """Of a log of one actor who is silent for these times, in some order."""
    order = np.random.default_rng(2).permutation(drawn)
    times = np.concatenate([[0], np.cumsum(order)])
    frame = pl.DataFrame({"user": "ann", "ts": pl.Series(times).cast(pl.Datetime("us"))})
    return explorer.connect(frame, actor="user", time="ts").evidence(VISIT)


@pytest.mark.parametrize(
    ("parts", "step"),
    [
        (((50_000, 40 * SECOND, 1.0), (5_000, 20 * HOUR, 1.0)), "30m"),
        (((5_000, 5 * SECOND, 0.8), (5_000, 10 * MINUTE, 0.8)), "1m"),
        (((2_000, 2 * HOUR, 0.7), (1_000, 12 * DAY, 0.9)), "1d"),
        (((300_000, 40 * SECOND, 1.2), (3_000, 3 * DAY, 0.8)), "3h"),
    ],
)
def test_a_known_mixture_gives_its_crossing(parts: tuple, step: str):
    found = evidence(gaps(*parts))
    (n1, m1, s1), (n2, m2, s2) = parts
    true = Mixture((n1 / (n1 + n2), n2 / (n1 + n2)), (log(m1), log(m2)), (s1, s2))
    assert found.mixture is not None
    assert found.crossing is not None
    assert true.crossing is not None
    assert np.allclose(found.mixture.weights, true.weights, rtol=0.1)
    assert np.allclose(found.mixture.means, true.means, atol=0.1)
    assert np.allclose(found.mixture.deviations, true.deviations, rtol=0.1)
    assert found.crossing.us == pytest.approx(exp(true.crossing), rel=0.15)
    nearest = min(human_steps(least=SECOND), key=lambda us: abs(log(us) - log(found.crossing.us)))  # type: ignore[union-attr]
    assert found.suggestion == Duration(nearest)
    assert f". {found.suggestion} separates them; " in found.reason
    assert abs(log(nearest) - log(Duration.parse(step).us)) < 0.8


def test_whole_seconds_and_minutes_do_not_matter():
    drawn = gaps((50_000, 40 * SECOND, 1.0), (5_000, 20 * HOUR, 1.0))
    for unit in (SECOND, 10 * SECOND):
        found = evidence(drawn // unit * unit)
        assert found.suggestion in [Duration.parse(text) for text in ("20m", "30m", "45m", "1h")]


def unimodal() -> list[npt.NDArray[np.int64]]:
    random = np.random.default_rng(3)
    return [
        gaps((20_000, 10 * MINUTE, 1.0)),
        gaps((20_000, HOUR, 3.0)),
        np.rint(random.exponential(HOUR, 20_000)).astype(np.int64),
        np.rint(MINUTE * (1 + random.pareto(1.0, 20_000))).astype(np.int64),
        random.integers(1, DAY, 20_000),
        np.full(5_000, MINUTE),
        gaps((20_000, 10 * MINUTE, 1.0), (10_000, 40 * MINUTE, 1.0)),
    ]


@pytest.mark.parametrize("at", range(len(unimodal())))
def test_gaps_without_a_clear_cutoff_suggest_nothing(at: int):
    found = evidence(unimodal()[at])
    assert (found.suggestion, found.crossing) == (None, None)
    assert found.reason.startswith("The gaps have no clear cutoff")


def test_a_handful_of_long_gaps_is_no_second_kind():
    found = evidence(gaps((20_000, 40 * SECOND, 1.0), (8, 20 * DAY, 0.1)))
    assert found.suggestion is None
    assert "of the longer kind" in found.reason


@pytest.mark.parametrize("count", [1, 2, 50])
def test_too_few_events(count: int):
    times = [datetime(2024, 5, 1) + timedelta(hours=at) for at in range(count)]
    found = explorer.connect(pl.DataFrame({"user": "ann", "ts": times}), actor="user", time="ts").evidence(VISIT)
    assert found.suggestion is None
    number = "is 1 gap" if count == 2 else f"are {count - 1} gaps"
    assert found.reason == f"There {number}: too few to suggest an inactivity."
    assert found.counts.sum() == count - 1


def test_events_at_once_are_in_no_bin():
    times = [datetime(2024, 5, 1)] * 200
    found = explorer.connect(pl.DataFrame({"user": "ann", "ts": times}), actor="user", time="ts").evidence(VISIT)
    assert (found.at_once, found.counts.sum(), found.suggestion) == (199, 0, None)


def test_the_same_again():
    drawn = gaps((500, 40 * SECOND, 1.0), (100, 20 * HOUR, 1.0))
    assert evidence(drawn).mixture == evidence(drawn).mixture


def test_a_fit_of_two_spikes_stays_finite():
    edges, counts = histogram(np.sort(np.array([SECOND] * 500 + [HOUR] * 500)))
    found = fit((np.log(edges[:-1]) + np.log(edges[1:])) / 2, counts.astype(float))
    assert np.isfinite([*found.weights, *found.means, *found.deviations]).all()
    assert found.crossing == pytest.approx(log(MINUTE), abs=0.1)


def test_a_new_inactivity_asks_nothing_again():
    times = [datetime(2024, 5, 1) + timedelta(minutes=at) for at in range(5)]
    engine: LocalEngine = explorer.connect(pl.DataFrame({"user": "ann", "ts": times}), actor="user", time="ts")
    assert engine.evidence(VISIT) is engine.evidence(VISIT.replace(inactivity="1h"))
