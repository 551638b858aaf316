"""The lines of the script that count funnels: every attempt goes from event to event by joins."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta

from explorer.code.funnels import Counted, funnel_name, held_name, things_of, told_name
from explorer.code.plain.clause import Conditions, quoted
from explorer.code.plain.literals import comment, length_code
from explorer.code.plain.names import Names
from explorer.code.plain.words import pattern_lines
from explorer.crossfilter.bins.funnel_steps import step_names, steps_way
from explorer.errors import located
from explorer.spec.charts.sequences.steps import Steps

HELPER = '''
def steps_reached(events, group, time, steps, within=None, without=None, order="given"):
    """How many steps each group of events reaches in its best attempt; groups in which none can begin are left out."""
    keys, n = [f"group {at}" for at in range(len(group))], len(steps)
    held = events.select(
        *(pl.col(name).alias(key) for name, key in zip(group, keys)),
        pl.col(time).alias("time"),
        *(step.alias(f"step {at}") for at, step in enumerate(steps)),
        (pl.lit(False) if without is None else without).alias("without"),
    ).with_columns(pl.int_range(pl.len(), dtype=pl.Int64).alias("row"))

    def after(tried, which, name):
        """The next event of the group after `at` that is one of these: its row, and its time."""
        found = held.filter(which).select(*keys, pl.col("row").alias(name), pl.col("time").alias(f"{name} time"))
        return tried.sort("at").join_asof(
            found, left_on="at", right_on=name, by=keys, strategy="forward", allow_exact_matches=False,
            coalesce=False, check_sortedness=False,
        ).select(*tried.columns, name, f"{name} time")

    def may(tried):
        """The attempts that may go on to their next event."""
        tried = tried.drop_nulls("next")
        if within is not None:
            tried = tried.filter(pl.col("next time") - pl.col("start") <= within)
        if without is not None:
            tried = after(tried, pl.col("without"), "stop")
            tried = tried.filter((pl.col("stop") >= pl.col("next")).fill_null(True)).drop("stop", "stop time")
        if order == "strict":
            tried = tried.filter(pl.col("next") == pl.col("at") + 1)
        return tried.with_columns(pl.col("next").alias("at")).drop("next", "next time")

    begins = pl.any_horizontal(f"step {at}" for at in range(n if order == "any" else 1))
    start = (pl.col("time").alias("start"), pl.col("row").alias("at"))
    tried = held.filter(begins).select(*keys, *start, *(f"step {at}" for at in range(n)))
    happened = [f"happened {at}" for at in range(n)]
    free = pl.lit(True)
    for at, name in enumerate(happened):  # an event counts for the first step that it matches
        its = free & pl.col(f"step {at}") if order == "any" else pl.lit(at == 0)
        tried = tried.with_columns(its.alias(name))
        free = free & ~pl.col(f"step {at}")
    tried = tried.drop(f"step {at}" for at in range(n))
    every = [tried]
    for at in range(1, n):
        if order != "any":
            tried = may(after(tried, pl.col(f"step {at}"), "next")).with_columns(pl.lit(True).alias(happened[at]))
        else:
            for step in range(n):
                tried = after(tried, pl.col(f"step {step}"), f"next {step}").drop(f"next {step} time")
            ahead = [pl.when(~pl.col(name)).then(pl.col(f"next {step}")) for step, name in enumerate(happened)]
            tried = tried.with_columns(pl.min_horizontal(ahead).alias("next"))
            new, free = [], pl.lit(True)
            for name, its in zip(happened, ahead):
                now = (its == pl.col("next")).fill_null(False)
                new.append((pl.col(name) | (free & now)).alias(name))
                free = free & ~now
            tried = tried.with_columns(new).drop(f"next {step}" for step in range(n))
            times = held.select(pl.col("row").alias("next"), pl.col("time").alias("next time"))
            tried = may(tried.join(times, on="next", how="left"))
        every.append(tried)
    attempts = pl.concat([each.select(*keys, *happened) for each in every])
    reached = pl.sum_horizontal(pl.all_horizontal(happened[: at + 1]) for at in range(n)).max().alias("steps")
    return attempts.group_by(keys).agg(reached).rename(dict(zip(keys, group)))

'''


def _says(funnel: Counted) -> str:
    """A funnel in a sentence."""
    steps = funnel.steps
    said = f"{things_of(funnel)} that reach these steps {steps_way(steps)}: {', '.join(step_names(steps))}."
    return said[:1].upper() + said[1:]


def held_line(names: Names) -> str:
    """The events of the sessions that are there, in order; before `sessions` has lost its number."""
    session = quoted(names.session)
    return f"held = events.filter(pl.col({session}).is_in(sessions[{session}].implode()))"


def funnel_lines(funnels: Sequence[Counted], names: Names, events: Conditions, event: str | None) -> Iterator[str]:
    """A frame for each funnel with how many reach each step; `events` writes conditions on events of sessions, and
    `event` is the column that says what happened in them."""
    for at, funnel in enumerate(funnels):
        its = "held" if funnel.where is None else held_name(at)
        yield ""
        yield comment(_says(funnel))
        if funnel.steps.has_patterns:
            yield from pattern_lines(its, funnel.steps.patterns, names, events, event)
        else:
            yield from _attempt_lines(its, funnel.steps, names, events)
        yield from _counting_lines(at, funnel, names)


def _attempt_lines(its: str, steps: Steps, names: Names, events: Conditions) -> Iterator[str]:
    conditions = []
    for place, step in enumerate(steps.clauses):
        with located(f"steps[{place}]"):
            conditions.append(events.asked(step))
    group = names.actor if steps.across else (names.session,)
    by = ", ".join(map(quoted, (*names.actor, names.place)))
    held = f"{its}.sort({by})" if names.split and steps.across else its
    yield "reached = steps_reached("
    yield f"    {held}, [{', '.join(map(quoted, group))}], {quoted(names.time)},"
    yield "    ["
    yield from (f"        {condition}," for condition in conditions)
    yield "    ],"
    if steps.within is not None:
        yield f"    within={length_code(timedelta(microseconds=steps.within.us))},"
    if steps.without is not None:
        with located("without"):
            yield f"    without={events.asked(steps.without)},"
    if steps.order != "given":
        yield f'    order="{steps.order}",'
    yield ")"


def _counting_lines(at: int, funnel: Counted, names: Names) -> Iterator[str]:
    """How many reach each step: of all, or a row for each value and step of time that sessions have."""
    name, n = funnel_name(at), len(funnel.steps)
    if not funnel.apart:
        yield f"{name} = pl.DataFrame({{"
        yield f'    "step": range(1, {n + 1}),'
        yield f'    "reached": [(reached["steps"] >= step).sum() for step in range(1, {n + 1})],'
        yield "})"
        return
    keys = [key for key, there in (("value", funnel.apart.sides), ("start", funnel.apart.every)) if there]
    by = ", ".join(map(quoted, keys))
    yield f"{name} = ("
    yield f'    {told_name(at)}.join(reached, on={quoted(names.session)}, how="left")'
    yield f"    .group_by({by})"
    yield "    .agg("
    yield '        pl.len().alias("sessions"),'
    yield f'        *((pl.col("steps") >= step).sum().alias(f"step_{{step}}") for step in range(1, {n + 1})),'
    yield "    )"
    yield f"    .sort({by})"
    yield ")"
