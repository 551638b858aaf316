"""Shares, means and their variances by actor: beside leaving out one actor after the other, and beside the truth."""

from __future__ import annotations

from math import sqrt

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from explorer.engine.local.different.intervals import FALSE_ONES, chance, reach, told_at
from explorer.engine.local.different.two_groups import Compared, TwoGroups
from tests.examples import examples

Session = tuple[int, int, int]  # actor, group (0 here, 1 there, 2 neither), code


def sessions() -> st.SearchStrategy[list[Session]]:
    one = st.tuples(st.integers(0, 6), st.integers(0, 2), st.integers(0, 2))
    return st.lists(one, min_size=1, max_size=40).map(sorted)


def arrays(found: list[Session]) -> tuple[TwoGroups, np.ndarray]:
    who, group, code = (np.array(each) for each in zip(*found, strict=True))
    return TwoGroups(who, 7, group == 0, group == 1), code.astype(np.uint8)


def slowly(found: list[Session], trait: list[int]) -> tuple[list[float], list[int]]:
    """Both shares, their variances and covariance by leaving out one actor after the other, and how many sessions with
    the trait and actors there are."""

    def shares(some: list[int]) -> tuple[float, float] | None:
        both = []
        for group in (0, 1):
            its = [at for at in some if found[at][1] == group]
            if not its:
                return None
            both.append(sum(trait[at] for at in its) / len(its))
        return both[0], both[1]

    everything = [at for at in range(len(found)) if found[at][1] < 2]
    whole = shares(everything)
    assert whole is not None
    actors = sorted({found[at][0] for at in everything})
    moves = []
    for actor in actors:
        without = shares([at for at in everything if found[at][0] != actor])
        assert without is not None
        moves.append((without[0] - whole[0], without[1] - whole[1]))
    factor = (len(actors) - 1) / len(actors)
    sums = [factor * sum(move[i] * move[j] for move in moves) for i, j in ((0, 0), (1, 1), (0, 1))]
    counts = [sum(trait[at] for at in everything if found[at][1] == group) for group in (0, 1)]
    rare = [trait[at] for at in everything]
    rarer = 0 if 2 * sum(rare) > len(rare) else 1
    telling = {found[at][0] for at in everything if trait[at] == rarer}
    return [*whole, *sums], [*counts, len(telling)]


def each_actor_can_go(found: list[Session]) -> bool:
    return all(len({actor for actor, group, _ in found if group == its}) > 1 for its in (0, 1))


def told(compared: Compared, at: int) -> tuple[list[float], list[int]]:
    numbers = [compared.here, compared.there, compared.spread_here, compared.spread_there, compared.joint]
    counts = [compared.n_here, compared.n_there, compared.actors]
    return [float(each[at]) for each in numbers], [int(each[at]) for each in counts]


@examples(60)
@given(sessions().filter(each_actor_can_go))
def test_variances_are_those_of_leaving_out_one_actor_after_the_other(found: list[Session]) -> None:
    groups, codes = arrays(found)
    by_code = groups.of_codes(codes, 3)
    for code in range(3):
        numbers, counts = slowly(found, [int(each == code) for each in codes.tolist()])
        for compared, at in ((by_code, code), (groups.of_flags(codes == code), 0)):
            its = told(compared, at)
            assert its[0] == pytest.approx(numbers, abs=1e-12)
            assert its[1] == counts
    values = groups.of_values(codes.astype(np.float64))
    numbers, _ = slowly(found, codes.tolist())
    assert told(values, 0)[0] == pytest.approx(numbers, abs=1e-12)


@examples(40)
@given(sessions().filter(each_actor_can_go), st.data())
def test_sessions_of_several_values(found: list[Session], data: st.DataObject) -> None:
    groups, _ = arrays(found)
    held = [data.draw(st.sets(st.integers(0, 2))) for _ in found]
    pairs = [(at, value) for at, its in enumerate(held) for value in sorted(its)]
    at = np.array([pair[0] for pair in pairs], dtype=np.int64)
    several = groups.of_codes(np.array([pair[1] for pair in pairs], dtype=np.uint8), 3, at)
    for value in range(3):
        numbers, counts = slowly(found, [int(value in its) for its in held])
        assert told(several, value)[0] == pytest.approx(numbers, abs=1e-12)
        assert told(several, value)[1] == counts


def test_many_actors_are_looked_at_part_by_part() -> None:
    chooser = np.random.default_rng(3)
    who = np.sort(chooser.integers(0, 30_000, 60_000))
    here, codes = chooser.random(60_000) < 0.2, chooser.integers(0, 9, 60_000).astype(np.uint8)
    groups = TwoGroups(who, 30_000, here, ~here)
    whole = groups.of_codes(codes, 9)
    for code in range(9):
        assert told(whole, code)[0] == pytest.approx(told(groups.of_flags(codes == code), 0)[0], rel=1e-9)
        assert told(whole, code)[1] == told(groups.of_flags(codes == code), 0)[1]


def test_one_actor_with_most_sessions_is_worth_hardly_more_than_one() -> None:
    who = np.array([0] * 1000 + list(range(1, 31)))
    here = np.ones(1030, bool)
    assert TwoGroups(who, 31, here, ~here).effective[0] == pytest.approx(1030**2 / (1000**2 + 30))
    equal = np.repeat(np.arange(31), 3)
    assert TwoGroups(equal, 31, np.ones(93, bool), np.zeros(93, bool)).effective == (pytest.approx(31.0), 0.0)


# ---- whether intervals hold what they promise


def logs(
    number: int, actors: int, here: float, there: float, alike: float, seed: int
) -> list[tuple[TwoGroups, np.ndarray]]:
    """Logs in which an actor's sessions are alike: with the chance `alike` a session is as its actor's always are.

    The shares of the trait are `here` and `there`; actors have very different numbers of sessions, mostly
    of one of both groups."""
    chooser = np.random.default_rng(seed)
    found = []
    for _ in range(number):
        sizes = chooser.geometric(0.15, actors)
        who = np.repeat(np.arange(actors), sizes)
        n = len(who)
        mine = chooser.random(n) < np.repeat(chooser.beta(0.8, 1.2, actors), sizes)
        always = np.repeat(chooser.random(actors), sizes)
        drawn = np.where(chooser.random(n) < alike, always, chooser.random(n))
        found.append((TwoGroups(who, actors, mine, ~mine), drawn < np.where(mine, here, there)))
    return found


def naive(groups: TwoGroups, has: np.ndarray) -> tuple[float, float]:
    """The difference and its standard error as though all sessions were independent."""
    here, there = has[groups.here], has[groups.there]
    variance = sum(each.mean() * (1 - each.mean()) / len(each) for each in (here, there))
    return float(here.mean() - there.mean()), sqrt(variance)


@pytest.mark.parametrize(("here", "there", "actors"), [(0.4, 0.25, 120), (0.5, 0.5, 60), (0.9, 0.75, 300)])
def test_intervals_hold_the_truth_as_often_as_they_say(here: float, there: float, actors: int) -> None:
    truth, held, ratios, held_naively = here - there, 0, 0, 0
    number = 1_000
    for groups, has in logs(number, actors, here, there, alike=0.6, seed=actors):
        compared = groups.of_flags(has)
        far = reach(0.05, min(groups.effective) - 1)
        held += abs(float((compared.here - compared.there)[0]) - truth) <= far * float(compared.error[0])
        ratio = float(np.log(compared.here / compared.there)[0])
        ratios += abs(ratio - np.log(here / there)) <= far * float(compared.relative_error[0])
        difference, error = naive(groups, has)
        held_naively += abs(difference - truth) <= 1.96 * error
    assert 0.93 <= held / number <= 0.97
    assert 0.93 <= ratios / number <= 0.97
    assert held_naively / number < 0.9  # what is known of one session of an actor is known of the others


def test_intervals_of_means_hold_the_truth_as_often_as_they_say() -> None:
    number, held, held_naively = 1_000, 0, 0
    chooser = np.random.default_rng(7)
    for groups, _ in logs(number, 100, 0.5, 0.5, 0.5, seed=11):
        own = chooser.exponential(2.0, groups.many)[groups.who]
        values = own + chooser.exponential(1.0, len(own)) + np.where(groups.here, 0.5, 0.0)
        compared = groups.steadied(values, groups.of_values(values))
        far = reach(0.05, min(groups.effective) - 1)
        difference = float((compared.here - compared.there)[0])
        held += abs(difference - 0.5) <= far * float(compared.error[0])
        here, there = values[groups.here], values[groups.there]
        held_naively += abs(difference - 0.5) <= 1.96 * sqrt(here.var() / len(here) + there.var() / len(there))
    assert 0.93 <= held / number <= 0.97
    assert held_naively / number < 0.9


def test_what_is_rare_is_not_told_more_often_than_chance_would() -> None:
    """A share of none, or of few, has no variance of its own: taken at its word it would be told again and again."""
    chooser, number, level = np.random.default_rng(2), 1_000, 0.01
    wrong = wrong_at_its_word = 0
    for _ in range(number):
        sizes = chooser.geometric(0.25, 1_000)
        who = np.repeat(np.arange(1_000), sizes)
        here = chooser.random(len(who)) < 0.05
        always, follows = np.repeat(chooser.random(1_000), sizes), chooser.random(len(who)) < 0.4
        has = np.where(follows, always, chooser.random(len(who))) < 0.015
        groups = TwoGroups(who, 1_000, here, ~here)
        far = reach(level, min(groups.effective) - 1)
        compared = groups.of_flags(has)
        difference = abs(float((compared.here - compared.there)[0]))
        wrong_at_its_word += difference > far * float(compared.error[0])
        wrong += difference > far * float(compared.steadied(*groups.sessions).error[0])
    assert wrong / number <= 2 * level
    assert wrong_at_its_word / number > 5 * level


def test_means_of_what_few_sessions_have_are_not_told_more_often_than_chance_would() -> None:
    chooser, number, level = np.random.default_rng(4), 1_000, 0.01
    wrong = wrong_at_its_word = 0
    for _ in range(number):
        sizes = chooser.geometric(0.25, 1_000)
        who = np.repeat(np.arange(1_000), sizes)
        here = chooser.random(len(who)) < 0.05
        values = (chooser.random(len(who)) < 0.015) * chooser.exponential(20.0, len(who))
        groups = TwoGroups(who, 1_000, here, ~here)
        far = reach(level, min(groups.effective) - 1)
        compared = groups.of_values(values)
        difference = abs(float((compared.here - compared.there)[0]))
        wrong_at_its_word += difference > far * float(compared.error[0])
        wrong += difference > far * float(groups.steadied(values, compared).error[0])
    assert wrong / number <= 4 * level  # few large values: the tail above is longer than the normal one
    assert wrong_at_its_word / number > 5 * level


def test_what_is_frequent_is_as_it_was() -> None:
    for groups, has in logs(20, 200, 0.5, 0.4, 0.3, seed=1):
        compared = groups.of_flags(has)
        assert told(compared.steadied(*groups.sessions), 0) == told(compared, 0)


# ---- what is told


def slow_level(chances: list[float], unseen: int) -> float:
    """Benjamini and Hochberg: the largest step that is not below the chance of its place."""
    many = len(chances) + unseen
    level = FALSE_ONES / many
    for place, its in enumerate(sorted(chances), 1):
        if its <= FALSE_ONES * place / many:
            level = FALSE_ONES * place / many
    return level


@given(st.lists(st.one_of(st.floats(0, 1), st.floats(0, 0.06)), min_size=1, max_size=30), st.integers(0, 20))
def test_told_are_those_up_to_the_last_step(chances: list[float], unseen: int) -> None:
    assert told_at(np.array(chances), unseen) == pytest.approx(slow_level(chances, unseen))
    with_them = np.array([*chances, *[1.0] * unseen])
    assert told_at(np.array(chances), unseen) == told_at(with_them)


@given(st.floats(0.05, 8), st.floats(19, 1e6))
def test_an_interval_leaves_out_no_difference_where_the_row_is_told(t: float, freedom: float) -> None:
    its = chance(t, freedom)
    assert reach(its, freedom) == pytest.approx(t, rel=1e-6)


def test_student_is_as_in_the_tables() -> None:
    for freedom, at_5, at_1 in ((19, 2.093, 2.861), (30, 2.042, 2.750), (120, 1.980, 2.617), (1e9, 1.960, 2.576)):
        assert reach(0.05, freedom) == pytest.approx(at_5, abs=0.002)
        assert reach(0.01, freedom) == pytest.approx(at_1, abs=0.004)
