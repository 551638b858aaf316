"""Two groups of sessions compared in everything that sessions can have."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from math import asin, exp, inf, sqrt

import numpy as np
import numpy.typing as npt

from explorer.crossfilter.cube import Crossfilter
from explorer.crossfilter.selections.selection import Selection
from explorer.engine.answers.different import (
    FEWEST_ACTORS,
    FEWEST_WITH,
    Contrast,
    Different,
    Group,
    Interval,
    trait_words,
)
from explorer.engine.local.different.intervals import chance, reach, told_at
from explorer.engine.local.different.made_of import is_made_of
from explorer.engine.local.different.traits import Flagged, Held, Measured, Named, Trait, names, traits
from explorer.engine.local.different.two_groups import Compared, TwoGroups
from explorer.engine.local.session_table import SessionTable
from explorer.engine.stopping import go_on
from explorer.errors import SpecError
from explorer.spec.expression.clause import columns, parse_value

Mask = npt.NDArray[np.bool_]
# A row before it is known what is told: its contrast, the standard errors of difference and ratio, the degrees of
# freedom, how large a standard deviation is, and how many actors tell of it.
Raw = tuple[Contrast, float, float, float, float, int]


def different(
    sessions: SessionTable,
    actor_starts: npt.NDArray[np.int64],
    selection: Selection,
    against: Selection | None,
    crossfilter: Crossfilter,
    holding: Callable[[str], Held],
) -> Different:
    """What is different about the selected sessions of `table`, beside all others, or those of another selection that
    are not selected; `actor_starts` are the places of each actor's first session, and `holding` gives a dimension, or
    raises SpecError where it cannot be computed."""
    height, many = sessions.table.height, len(actor_starts)
    here, other = (_mask(crossfilter, each, height) for each in (selection, against))
    there = ~here if against is None else other & ~here
    shared = 0 if against is None else int(np.count_nonzero(other & here))
    who = np.repeat(np.arange(many), np.diff(np.append(actor_starts, height)))
    groups = TwoGroups(who, many, here, there)
    sides = [
        Group(count, actors, effective)
        for count, actors, effective in zip(groups.sessions, groups.actors, groups.effective, strict=True)
    ]
    found = Different(sides[0], sides[1], shared=shared, against=against is not None)
    if found.problem:
        return found
    few = any(side.few for side in sides)
    brushed = [_plainly(sessions, crossfilter.holding(each)) for each in (selection, against) if each]
    asked = {name: _columns(name) for selection in brushed for name in selection}
    rows: list[Raw] = []
    made_of: list[Contrast] = []
    left_out = unseen = 0
    for name in names(sessions):
        try:
            held = holding(name)
        except SpecError:
            continue
        for trait in traits(sessions, name, held, here):
            unseen += trait.unseen if isinstance(trait, Named) else 0
            for raw in _one_of_two(list(_compared(sessions, groups, trait))):
                row, tells = raw[0], raw[-1]
                same = row.count_here == row.of_here and not row.count_there
                opposite = row.count_there == row.of_there and not row.count_here
                if is_made_of(name, row.brush, brushed, asked) or (not row.is_mean and (same or opposite) and not few):
                    made_of.append(row)
                elif tells < FEWEST_WITH and not few:
                    left_out += 1
                else:
                    rows.append(raw)
    return replace(_told(found, rows, unseen), made_of=tuple(made_of), left_out=left_out, unseen=unseen)


def _mask(crossfilter: Crossfilter, selection: Selection | None, height: int) -> Mask:
    mask = crossfilter.mask(selection or Selection())
    return np.ones(height, bool) if mask is None else mask


def _plainly(sessions: SessionTable, selection: Selection) -> Selection:
    """The brushes by the names that rows have."""
    return Selection(tuple((sessions.plain_name(name), brush) for name, brush in selection.items()))


def _columns(name: str) -> set[str]:
    """The columns of an expression; nothing for a name."""
    try:
        asked = columns(parse_value(name))
    except SpecError:
        return set()
    return set(asked) - {name}


def _compared(sessions: SessionTable, groups: TwoGroups, trait: Trait) -> Iterator[Raw]:
    """The rows of a trait in which both groups differ at all."""
    go_on()
    event, cohort = sessions.events.columns.event, trait.name in sessions.events.cohorts
    if isinstance(trait, Named):
        size = len(trait.brushes) + 1
        its = groups.of_codes(trait.codes, size, trait.sessions).steadied(*groups.sessions)
        for at, (brush, text) in enumerate(zip(trait.brushes, trait.texts, strict=True)):
            words = trait_words(trait.name, text, brush, event, cohort=cohort)
            yield from _raw(groups, its, at, Contrast(trait.name, brush, text, words, *NOTHING))
        return
    if trait.among is not None:
        groups = groups.among(trait.among)
        if not all(groups.sessions):
            return
    if isinstance(trait, Flagged):
        words = trait_words(trait.name, trait.text, trait.brush, event, cohort=cohort)
        row = Contrast(trait.name, trait.brush, trait.text, words, *NOTHING, partly=trait.among is not None)
        yield from _raw(groups, groups.of_flags(trait.has).steadied(*groups.sessions), 0, row)
    else:
        mean = Contrast(trait.name, None, "", "", *NOTHING, kind=trait.kind)
        found = groups.steadied(trait.values, groups.of_values(trait.values))
        yield from _raw(groups, found, 0, mean, trait)


NOTHING = (0.0, 0.0, 0, 0, 0, 0)


def _raw(groups: TwoGroups, its: Compared, at: int, row: Contrast, measured: Measured | None = None) -> Iterator[Raw]:
    here, there = float(its.here[at]), float(its.there[at])
    if here == there:
        return
    n, m = groups.sessions
    row = replace(
        row,
        here=here,
        there=there,
        count_here=int(its.n_here[at]),
        count_there=int(its.n_there[at]),
        of_here=n,
        of_there=m,
    )
    size = 1.0
    if measured is not None:
        size = float(np.std(measured.values[groups.here | groups.there]))
    freedom = min(groups.effective) - 1
    yield row, float(its.error[at]), float(its.relative_error[at]), freedom, size, int(its.actors[at])


def _one_of_two(rows: list[Raw]) -> list[Raw]:
    """Of a value and its opposite the one that is more often here: both say the same."""
    if len(rows) == 2 and all(row[0].brush is not None for row in rows):
        one, other = rows[0][0], rows[1][0]
        if one.count_here + other.count_here == one.of_here and one.count_there + other.count_there == one.of_there:
            return [rows[0] if one.more > 0 else rows[1]]
    return rows


def _told(found: Different, rows: Iterable[Raw], unseen: int) -> Different:
    """The rows with their intervals, in order."""
    rows = list(rows)
    possible = [freedom + 1 >= FEWEST_ACTORS for _, _, _, freedom, _, _ in rows]
    chances = [
        (0.0 if error == 0 else chance(row.more / error, freedom)) if able else None
        for able, (row, error, _, freedom, _, _) in zip(possible, rows, strict=True)
    ]
    level = told_at(np.array([each for each in chances if each is not None]), unseen)
    made = [_with_interval(raw, its, level) for raw, its in zip(rows, chances, strict=True)]
    made.sort(key=lambda each: (not each.told, -each.least, inf if each.chance is None else each.chance, -_apart(each)))
    shares, means = ([row for row in made if row.is_mean == is_mean] for is_mean in (False, True))
    return replace(found, rows=tuple(shares), means=tuple(means), level=level)


def _with_interval(raw: Raw, its: float | None, level: float) -> Contrast:
    row, error, relative, freedom, size, _ = raw
    if its is None:
        return row
    far = reach(level, freedom)
    low, high = row.more - far * error, row.more + far * error
    told = its <= level
    near = (low if row.more > 0 else high) if told else 0.0
    if row.is_mean:
        least = abs(near) / size if size else 0.0
    else:
        low, high = max(low, -1.0), min(high, 1.0)
        least = _cohens_h(row.there + near, row.there)
    ratio = None
    if row.times and np.isfinite(relative):
        ratio = Interval(row.times * exp(-far * relative), row.times * exp(far * relative))
    return replace(row, difference=Interval(low, high), ratio=ratio, chance=its, told=told, least=least)


def _apart(row: Contrast) -> float:
    """How far both numbers are apart, for those that nothing is told of."""
    return 0.0 if row.is_mean else _cohens_h(row.here, row.there)


def _cohens_h(one: float, other: float) -> float:
    """Cohen (1988), *Statistical power analysis*: the difference of two shares on the scale of the arcsine."""
    return abs(2 * asin(sqrt(min(max(one, 0.0), 1.0))) - 2 * asin(sqrt(min(max(other, 0.0), 1.0))))
