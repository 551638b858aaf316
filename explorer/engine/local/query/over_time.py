"""Charts over sliding windows and beside a period before: their steps, which sessions count when, and the values."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import polars as pl

from explorer.crossfilter.selections.brushes import Range
from explorer.engine.local.cut import masks
from explorer.engine.local.query import calendar_steps
from explorer.engine.local.session_table import SessionTable
from explorer.errors import SpecError, located
from explorer.spec.charts.chart import Chart
from explorer.spec.charts.periods import PERIODS, STEPS, Length, fitting_steps
from explorer.spec.expression import clause as clauses
from explorer.spec.expression.clause import Clause
from explorer.spec.needed import own_names

PREVIOUS = "previous"


def step_of(times: pl.Series, chart: Chart) -> str:
    """The step of a chart over time: its own, or the nicest that goes with its window and the period before it."""
    if chart.every is not None:
        return chart.every
    fitting = fitting_steps(chart.over, chart.previous)
    if len(fitting) == len(STEPS):
        return calendar_steps.nice_step(times)
    if chart.over is not None:
        window = Length.parse(chart.over)
        fitting = [step for step in fitting if Length.parse(step) != window] or fitting
    return next((step for step in fitting if calendar_steps.count(times, step) <= calendar_steps.FEW), fitting[-1])


def period_of(chart: Chart, step: str, steps: int) -> str:
    """How far back the period before lies, of a chart of which so many steps are looked at.

    >>> [period_of(Chart("line", "visit", previous=name), "3mo", 5) for name in ("span", "year")]
    ['15mo', '1y']
    """
    known = PERIODS[chart.previous or "span"].length
    unit = step.lstrip("0123456789")
    return known or f"{max(steps, 1) * int(step.removesuffix(unit))}{unit}"


def asks_start(sessions: SessionTable, where: Clause | None) -> bool:
    """Whether a condition asks when sessions start."""
    return "start" in own_names(sessions.definition, clauses.columns(where))


def mask_before(sessions: SessionTable, where: Clause, period: str, zone: str | None) -> pl.Series:
    """Which sessions would match a condition if they had started a period later; raises SpecError."""
    frame = sessions.cut.select(pl.col("session_number").alias("@size"))
    for name in clauses.columns(where):
        values = sessions.own(name)
        if own_names(sessions.definition, (name,)) == ("start",):
            local = values if zone is None else values.dt.convert_time_zone(zone)
            values = calendar_steps.moved(local, period).cast(values.dtype)
        frame = frame.with_columns(values.alias(name))

    def mask(part: Clause) -> pl.Series:
        return masks.mask(sessions.events.settled(part), frame, sessions.events.columns.time_zone, mask)

    return mask(where)


@dataclass(frozen=True, eq=False)
class Steps:
    """The steps of time of a chart, one after the other: `at` when they begin, `lows` for each the place of the first
    step of its window, and `whole` whether all of the window lies in them."""

    at: pl.Series
    step: str
    lows: npt.NDArray[np.int64]
    whole: npt.NDArray[np.bool_]

    @classmethod
    def of(cls, at: pl.Series, step: str, over: str | None) -> Steps:
        """The windows of some steps; without `over` each step is one."""
        if over is None or at.is_empty():
            places = np.arange(len(at))
            return cls(at, step, places, np.ones(len(at), dtype=np.bool_))
        begins = calendar_steps.windows(at, step, over)
        lows = at.search_sorted(begins, side="left").to_numpy().astype(np.int64)
        lows = np.minimum(lows, np.arange(len(at)))
        return cls(at, step, lows, (begins >= at[0]).to_numpy())

    def touched(self, brush: Range) -> npt.NDArray[np.bool_]:
        """Which of the steps a brush of start times holds a part of."""
        begins = self.at.dt.cast_time_unit("us").to_physical().to_numpy()
        ends = self.at.dt.offset_by(self.step).dt.cast_time_unit("us").to_physical().to_numpy()
        high = np.inf if brush.hi is None else brush.hi
        if brush.negated:
            found: npt.NDArray[np.bool_] = ~((begins >= brush.lo) & (ends <= high))
            return found
        return (ends > brush.lo) & (begins < high)

    def moved(self, brush: Range, period: str) -> Range:
        """A brush of start times a period earlier; one without an end ends with the last step."""
        end = self.at[-1:].dt.offset_by(self.step).to_physical().item() if brush.hi is None else brush.hi
        ends = pl.Series([int(brush.lo), int(end)]).cast(pl.Datetime("us")).dt.replace_time_zone("UTC")
        zone = getattr(self.at.dtype, "time_zone", None)
        ends = ends.dt.replace_time_zone(None) if zone is None else ends.dt.convert_time_zone(zone)
        lo, hi = calendar_steps.moved(ends, f"-{period}").to_physical()
        return replace(brush, lo=lo, hi=hi)


def check_windows(steps: Steps, over: str | None) -> None:
    """Refuse windows that are longer than all that is shown; raises SpecError at `over`."""
    if over is not None and len(steps.at) and not steps.whole.any():
        with located("over"):
            shown = f"{len(steps.at):,} step{'s' if len(steps.at) > 1 else ''} of {steps.step}"
            raise SpecError(f"The sessions shown span {shown}: no window of {over} lies in them. Write a shorter one.")


def with_previous(
    found: pl.DataFrame, earlier: pl.DataFrame, steps: Steps, before: Steps, period: str, nothing: int | None
) -> pl.DataFrame:
    """The rows with `previous` behind `sessions`: the value of the same group a period earlier, null where the data do
    not reach so far back or there is no such date."""
    time, *others = names = found.columns[: found.columns.index("value")]
    back = pl.DataFrame([steps.at.alias(time), calendar_steps.earlier(steps.at, steps.step, period).alias("@then")])
    place = before.at.alias("@then").to_frame().with_columns(pl.Series("@whole", before.whole))
    back = back.join(place, on="@then", how="left", maintain_order="left")
    values = earlier.select(pl.col(time).alias("@then"), *others, pl.col("value").alias(PREVIOUS))
    values = values.with_columns(pl.lit(True).alias("@there"))
    joined = (
        found.select(names)
        .join(back, on=time, how="left", maintain_order="left", nulls_equal=True)
        .join(values, on=["@then", *others], how="left", maintain_order="left", nulls_equal=True)
    )
    empty = pl.lit(nothing).cast(found.schema["value"])
    value = pl.when(pl.col("@there").is_null() & pl.col("@whole")).then(empty).otherwise(PREVIOUS)
    place_of = found.columns.index("sessions") + 1
    return found.insert_column(place_of, joined.select(value.alias(PREVIOUS)).to_series())
