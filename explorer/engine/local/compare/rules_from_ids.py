"""Which rules the session ids of a column follow: a search for the shortest definition that begins sessions where the
ids change."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl

from explorer.crossfilter.bins.human_edges import human_steps
from explorer.engine.answers.inactivity import NAMED
from explorer.engine.answers.rules_from_ids import RulesFromIds, Step
from explorer.engine.local.cut.event_table import EventTable
from explorer.engine.local.cut.events_view import View
from explorer.engine.local.session_table import SessionTable
from explorer.engine.stopping import go_on
from explorer.errors import SpecError
from explorer.events.calendar_days import days
from explorer.plan.in_polars.boundary import GAP, NEVER, TIME
from explorer.plan.literal import TEXTS
from explorer.spec.duration import UNITS, Duration
from explorer.spec.expression.clause import Compare, In, IsNull, Not
from explorer.spec.session import SessionDefinition

Flags = npt.NDArray[np.bool_]
Whole = npt.NDArray[np.int64]
# Lengths that people choose before others.
LIKED = tuple(
    Duration.parse(text).us
    for text in ["30m", "1h", "15m", "20m", "10m", "5m", "45m", "1m", "2h", "1d", "12h", "8h", "4h", "6h", "24h"]
)
# A rule is one only where it explains so many places, so large a share of what is wrong, and is mostly right.
FEWEST, SHARE, RIGHT = 2, 0.02, 0.8
# What changes with nearly every id is another name for it.
TWIN = 0.9
MOST_RULES, TRIED = 5, 4
# Where days may begin besides the zone of the times.
ZONES = (
    "UTC", "Europe/London", "Europe/Berlin", "Europe/Helsinki", "Europe/Moscow", "Asia/Dubai", "Asia/Kolkata",
    "Asia/Shanghai", "Asia/Tokyo", "Australia/Sydney", "Pacific/Auckland", "America/Sao_Paulo", "America/New_York",
    "America/Chicago", "America/Denver", "America/Los_Angeles",
)  # fmt: skip
ASIDE = 1_000_000_000


def rules_from_ids(events: EventTable, column: str, name: str = "from ids") -> RulesFromIds:
    """The definition that begins sessions where the ids of a column change, as nearly as rules can.

    The inactivity, and on which side of it equal gaps lie, is the one with fewest wrong places. Then the rule that
    explains most of what is left is added, as long as one does: a new day, a change of a column, an event that restarts
    or ends, the longest duration, the most events. Raises SpecError where the column has no id twice.
    """
    made: RulesFromIds = events.stages.get(
        "rules from ids", (column, name), lambda: _Search(events, column).found(name)
    )
    return made


@dataclass(frozen=True)
class _Cut:
    """A definition's beginnings beside those of the ids, in the order in which both are cut."""

    definition: SessionDefinition
    view: View
    begins: Flags
    changes: Flags

    @cached_property
    def first(self) -> Flags:
        return (self.view.keys[GAP] == NEVER).to_numpy()

    @cached_property
    def missed(self) -> Flags:
        return self.changes & ~self.begins

    @cached_property
    def extra(self) -> Flags:
        return self.begins & ~self.changes

    @cached_property
    def wrong(self) -> int:
        return int(self.missed.sum() + self.extra.sum())

    @cached_property
    def starts(self) -> Whole:
        """The places at which runs of one id begin."""
        return np.flatnonzero(self.changes)

    @cached_property
    def within(self) -> Flags:
        """Places within an id at which no session begins: those that a further rule must leave alone."""
        return ~self.changes & ~self.begins


class _Search:
    def __init__(self, events: EventTable, column: str) -> None:
        self.events, self.column = events.aside(ASIDE), column
        if column not in events.schema:
            raise SpecError(f"There is no column '{column}' of session ids.")
        self.ids = events.column(column)
        self.ids = self.ids.to_physical() if isinstance(self.ids.dtype, pl.Categorical | pl.Enum) else self.ids

    def found(self, name: str) -> RulesFromIds:
        """Search, one rule after the other."""
        without = self.ids.null_count()
        if without == len(self.ids):
            raise SpecError(f"'{self.column}' has no value: there are no ids to follow.")
        where = Not(IsNull(self.column)) if without else None
        plain = SessionDefinition(name, "30m", where=where)
        splits = self._split(plain)
        if splits:
            plain = plain.replace(split_by=splits)
        first = self._tuned(plain)
        words = [str(first.definition.inactivity) + " of inactivity"]
        if first.definition.boundary != ">":
            words.append("a gap of exactly that is one, too")
        if splits:
            words.append(f"each {splits[0]} by itself")
        if where is not None:
            words.append("events with an id")
        steps = [self._step(", ".join(words), first)]
        best = first
        while best.wrong and len(steps) <= MOST_RULES:
            better = self._better(best)
            if better is None:
                break
            what, best = better
            steps.append(self._step(what, best))
        retuned = self._tuned(best.definition)
        if retuned.wrong < best.wrong:
            best = retuned
            steps[-1] = self._step(f"{steps[-1].what}, at {best.definition.inactivity} of inactivity", best)
        low, high = self._range(best)
        if int(best.changes.sum()) == best.view.keys.height > 1:
            raise SpecError(f"Every event has a '{self.column}' of its own: these are no ids of sessions.")
        return RulesFromIds(
            self.column, self._sessions(best), self._interrupted(best), without, low, high, tuple(steps)
        )

    # ---- cutting

    def _cut(self, definition: SessionDefinition) -> _Cut:
        go_on()
        sessions = SessionTable(self.events, definition)
        view = sessions.view
        begins = np.zeros(view.keys.height, dtype=bool)
        begins[sessions.spans.begins.to_numpy()] = True
        return _Cut(definition, view, begins, self._changes(view))

    def _changes(self, view: View) -> Flags:
        """Where an id is another than that of the event before, or a stream begins."""
        ids = view.take(self.ids)
        changes = pl.select((pl.lit(ids).ne_missing(pl.lit(ids).shift(1))).fill_null(True)).to_series().to_numpy()
        return changes | (view.keys[GAP] == NEVER).to_numpy()

    def _split(self, plain: SessionDefinition) -> tuple[str, ...]:
        """The column that the ids are cut apart by: events of one actor that stand between each other otherwise."""
        cut = self._cut(plain)
        interrupted = len(cut.starts) - self._sessions(cut)
        if interrupted <= max(FEWEST, 0.01 * len(cut.starts)):
            return ()
        runs = {}
        for name in self._names():
            try:
                view = SessionTable(self.events, plain.replace(split_by=(name,))).view
            except SpecError:
                continue
            runs[name] = int(self._changes(view).sum())
        best = min(runs, key=lambda name: runs[name], default=None)
        total = self._sessions(cut)
        return (best,) if best is not None and runs[best] - total <= 0.2 * interrupted else ()

    def _sessions(self, cut: _Cut) -> int:
        """How many sessions the ids say: of an actor with the same id."""
        ids = cut.view.take(self.ids)
        actor = cut.view.keys.to_series(0)
        return pl.select(pl.struct(pl.lit(actor), pl.lit(ids).alias("id")).n_unique()).item() if len(ids) else 0

    def _interrupted(self, cut: _Cut) -> int:
        ids, actor = cut.view.take(self.ids), cut.view.keys.to_series(0)
        runs = pl.DataFrame({"actor": actor.gather(cut.starts), "id": ids.gather(cut.starts)})
        return int(runs.group_by("actor", "id").len().filter(pl.col("len") > 1).height)

    def _step(self, what: str, cut: _Cut) -> Step:
        return Step(what, cut.definition, self._same(cut), int(cut.missed.sum()), int(cut.extra.sum()))

    def _same(self, cut: _Cut) -> int:
        """How many runs of an id that stands nowhere else are one session."""
        if not len(cut.starts):
            return 0
        begun = np.add.reduceat(cut.begins.astype(np.int64), cut.starts)
        stops = np.append(cut.starts[1:], len(cut.begins))
        ends = np.append(cut.begins, True)[stops]
        whole = (begun == 1) & cut.begins[cut.starts] & ends
        ids, actor = cut.view.take(self.ids), cut.view.keys.to_series(0)
        runs = pl.DataFrame({"actor": actor.gather(cut.starts), "id": ids.gather(cut.starts), "whole": whole})
        return int(runs.select((pl.col("whole") & (pl.len().over("actor", "id") == 1)).sum()).item())

    # ---- the inactivity

    def _tuned(self, definition: SessionDefinition) -> _Cut:
        """The same with the inactivity that is wrong at fewest places."""
        return self._cut(definition.replace(**self._inactivity(self._cut(definition))))

    def _gaps(self, cut: _Cut) -> tuple[Whole, Whole, Whole]:
        """The lengths of gaps that no other rule decides, and of each how often an id goes on, or changes, there."""
        free = ~cut.first if cut.view.forced is None else ~cut.first & ~(cut.view.forced.to_numpy() > 0)
        told = pl.DataFrame({"gap": cut.view.keys[GAP], "changed": cut.changes}).filter(pl.Series(free))
        counts = pl.col("changed").sum().cast(pl.Int64)
        each = told.group_by("gap").agg((pl.len() - counts).alias("on"), counts).sort("gap")
        return each["gap"].to_numpy(), each["on"].to_numpy(), each["changed"].to_numpy()

    def _between(self, cut: _Cut) -> tuple[int, int | None]:
        """The longest gap that is inside a session, and the next, which is none: fewest places are wrong between them;
        of several such the widest apart."""
        lengths, on, changed = self._gaps(cut)
        if not len(lengths):
            return 0, None
        # wrong[k]: the first k lengths are inside.
        wrong = np.append(0, np.cumsum(changed)) + np.append(np.cumsum(on[::-1])[::-1], 0)
        low = np.append(0, lengths)
        high = np.append(lengths, max(int(lengths[-1]) * 4, 4))
        fewest = np.flatnonzero(wrong == wrong.min())
        best = int(fewest[np.argmax(high[fewest] / np.maximum(1, low[fewest]))])
        return int(low[best]), None if best == len(lengths) else int(high[best])

    def _inactivity(self, cut: _Cut) -> dict[str, Any]:
        low, high = self._between(cut)
        if high is None:
            return {"inactivity": Duration(_nicest(max(1, low), None)), "boundary": ">"}
        liked = _liked(low, high)
        if liked is not None:
            return {"inactivity": Duration(liked), "boundary": ">" if liked < high else ">="}
        nicest = _nicest(max(1, low), high)
        return {"inactivity": Duration(nicest), "boundary": ">" if nicest < high else ">="}

    def _range(self, cut: _Cut) -> tuple[Duration, Duration]:
        """Between which named lengths nothing else comes out."""
        low, high = self._between(cut)
        its = cut.definition.inactivity
        inside = [each for each in NAMED if low <= each.us and (high is None or each.us < high)]
        return (min(*inside, its, key=_us), max(*inside, its, key=_us)) if inside else (its, its)

    # ---- the other rules

    def _better(self, cut: _Cut) -> tuple[str, _Cut] | None:
        """The one rule more that leaves fewest places wrong, in words; None where none is worth it."""
        ranked = sorted(self._candidates(cut), key=lambda each: -each[0])[:TRIED]
        tried = [(what, self._cut(cut.definition.replace(**rule))) for gain, what, rule in ranked if gain >= FEWEST]
        if not tried:
            return None
        what, best = min(tried, key=lambda each: each[1].wrong)
        return (what, best) if cut.wrong - best.wrong >= max(FEWEST, SHARE * cut.wrong) else None

    def _candidates(self, cut: _Cut) -> Iterator[tuple[int, str, dict[str, Any]]]:
        """Rules with how many places they make right, and in words."""
        its = cut.definition
        if its.calendar is None:
            yield from self._days(cut)
        for name in self._names():
            if name not in (*its.restart_on_change, *its.split_by):
                gain = self._gain(cut, self._changed(cut, name))
                yield gain, f"a change of {name}", {"restart_on_change": (*its.restart_on_change, name)}
        yield from self._by_events(cut)
        if its.max_events is None:
            yield from self._most_events(cut)
        if its.max_duration is None:
            yield from self._longest(cut)

    def _gain(self, cut: _Cut, holds: Flags) -> int:
        """How many more missed places than others a rule holds at; 0 where it is wrong too often."""
        right, wrong = int((holds & cut.missed).sum()), int((holds & cut.within).sum())
        return right - wrong if right and right >= RIGHT * (right + wrong) else 0

    def _days(self, cut: _Cut) -> Iterator[tuple[int, str, dict[str, Any]]]:
        aware = self.events.aware
        zones = dict.fromkeys((self.events.columns.time_zone or "UTC", *ZONES)) if aware else {"UTC": None}
        right = {zone: int(self._new_days(cut, zone, cut.missed).sum()) for zone in zones}
        for zone in sorted(zones, key=lambda zone: -right[zone])[:TRIED]:
            if right[zone]:
                holds = self._new_days(cut, zone, cut.missed | cut.within)
                yield self._gain(cut, holds), f"a new day in {zone}" if aware else "a new day", {"calendar": zone}

    def _new_days(self, cut: _Cut, zone: str, among: Flags) -> Flags:
        """Which of some events lie on another day than the one before."""
        go_on()
        places = np.flatnonzero(among & ~cut.first)
        time = cut.view.keys[TIME]
        before, after = (days(time.gather(at), zone, self.events.aware).to_numpy() for at in (places - 1, places))
        holds = np.zeros(len(cut.begins), dtype=bool)
        holds[places] = before != after
        return holds

    def _names(self) -> list[str]:
        """The columns whose changes could begin a session: not those that are ids themselves."""
        columns, found = self.events.columns, []
        for name, dtype in self.events.schema.items():
            plain = isinstance(dtype, TEXTS) or dtype.is_integer() or dtype == pl.Boolean
            if plain and name not in (*columns.actor, columns.time, self.column) and not self._is_twin(name):
                found.append(name)
        return found

    def _is_twin(self, name: str) -> bool:
        """Whether a column changes where the ids do, and hardly elsewhere: gaps included."""
        values = self.events.frame[name]
        changes = pl.select(pl.lit(values).ne_missing(pl.lit(values).shift(1)).fill_null(True)).to_series().to_numpy()
        ids = pl.select(pl.lit(self.ids).ne_missing(pl.lit(self.ids).shift(1)).fill_null(True)).to_series().to_numpy()
        both = int((changes & ids).sum())
        return both >= TWIN * int(ids.sum()) and both >= TWIN * int(changes.sum())

    def _changed(self, cut: _Cut, name: str) -> Flags:
        """Where a value differs from that of the event before; nulls change nothing."""
        values = cut.view.take(self.events.frame[name])
        other = pl.select((pl.lit(values) != pl.lit(values).shift(1)).fill_null(False)).to_series().to_numpy()
        return other & ~cut.first

    def _by_events(self, cut: _Cut) -> Iterator[tuple[int, str, dict[str, Any]]]:
        """Events that restart, or end: their values are found by how often they stand at missed places."""
        name = self.events.columns.event
        if name is None or not isinstance(self.events.schema[name], TEXTS):
            return
        values = cut.view.take(self.events.frame[name])
        before = values.shift(1)
        for rule, told, words in (
            ("restart", values, "an event that is {}"),
            ("end", before, "behind an event that is {}"),
        ):
            if getattr(cut.definition, rule) is not None:
                continue
            counts = pl.DataFrame({"value": told, "missed": cut.missed, "within": cut.within & ~cut.first})
            each = counts.drop_nulls("value").group_by("value").agg(pl.col("missed", "within").sum())
            good = each.filter(
                pl.col("missed") >= FEWEST, pl.col("missed") >= RIGHT * (pl.col("missed") + pl.col("within"))
            )
            good = good.sort("missed", "value", descending=[True, False])
            texts = [str(value) for value in good["value"]]
            if not texts:
                continue
            gain = int(good["missed"].sum()) - int(good["within"].sum())
            clause = Compare(name, "=", texts[0]) if len(texts) == 1 else In(name, tuple(texts))
            yield gain, words.format(" or ".join(f"'{text}'" for text in texts)), {rule: clause}

    def _most_events(self, cut: _Cut) -> Iterator[tuple[int, str, dict[str, Any]]]:
        """Runs of an id that end where nothing else says so have one size."""
        sizes = np.diff(np.append(cut.starts, len(cut.begins)))
        ended = np.append(cut.missed[cut.starts[1:]], False)
        if not ended.any():
            return
        most = int(np.bincount(sizes[ended]).argmax())
        if most > 1 and int(sizes.max()) <= most:
            yield int((sizes[ended] == most).sum()), f"at most {most:,} events", {"max_events": most}

    def _longest(self, cut: _Cut) -> Iterator[tuple[int, str, dict[str, Any]]]:
        """Runs of an id that end where nothing else says so would have been longer than any."""
        time = cut.view.keys[TIME].to_numpy()
        stops = np.append(cut.starts[1:], len(time))
        lasts = time[stops - 1] - time[cut.starts]
        ended = np.flatnonzero(np.append(cut.missed[cut.starts[1:]], False))
        over = time[stops[ended]] - time[cut.starts[ended]]
        longest = int(lasts.max()) if len(lasts) else 0
        over = over[over > longest]
        if len(over) >= FEWEST and longest > 0:
            length = Duration(_nicest(longest, int(over.min())))
            yield len(over), f"at most {length}", {"max_duration": length}


def _us(length: Duration) -> int:
    return length.us


def _liked(low: int, high: int) -> int | None:
    """A length that people choose, from the longest gap inside up to the next, which with `>=` may be it."""
    return next((each for each in LIKED if low <= each <= high and each > 0), None)


def _nicest(low: int, high: int | None) -> int:
    """The roundest length at least so long, and shorter than the other."""
    steps: Iterable[int] = [*LIKED, *human_steps(least=UNITS["s"])]
    inside = [each for each in steps if each >= low and (high is None or each < high)]
    if high is None:
        return min(inside, default=low)
    if inside:
        return inside[0]
    for unit in (UNITS["d"], UNITS["h"], UNITS["m"], UNITS["s"]):
        up = -(-low // unit) * unit
        if up < high:
            return up
    return low
