"""Sources that are larger than memory: one streaming query sorts them into a file, which is then mapped."""

import json
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from shutil import disk_usage
from typing import Any

import numpy as np
import polars as pl
import pyarrow as pa

from explorer.errors import SourceError
from explorer.events.machine.workplace import FOLDER, LARGE, Workplace
from explorer.events.quality import row_counts
from explorer.events.quality.quality import Quality, of_times
from explorer.events.quality.repeated_ids import repeated_ids
from explorer.events.reading.decide import reconsidered
from explorer.events.reading.form import Form
from explorer.events.sorting.encode import Coding, categories, to_encode
from explorer.events.sorting.rows import columns_of
from explorer.events.store import cache, store
from explorer.plan.in_polars.boundary import ACTOR, GAP, NEVER, TIME
from explorer.spec.columns import Columns

AT_ONCE = 4_000_000
# The sort may hold this share of the memory that there is; what surrounds it needs the rest.
SHARE = 0.45
# The quality with more in it, from the sorted events and their times in microseconds.
Told = Callable[[Quality, pl.DataFrame, pl.Series], Quality]


def load(
    lazy: pl.LazyFrame,
    sample: pl.DataFrame,
    columns: Columns,
    form: Form,
    said: str,
    memory: int,
    size: int,
    place: cache.Place | None,
    told: Told = lambda quality, frame, times: quality,
) -> Any:
    """The events sorted on disk and mapped; stored at `place` where there is one. Raises SourceError.

    `memory` is what there is and `size` what is needed, both in bytes. `told` adds to the quality what else is known.
    """
    with Workplace(place.path.parent if place else None, LARGE) as work:
        if (free := disk_usage(work.home).free) < size:
            raise SourceError(
                f"This does not fit into memory, and {work.home} has {free / 1e9:,.1f} GB left where it needs about "
                f"{size / 1e9:,.1f} GB. Set {FOLDER} to a folder with more room."
            )
        plan = _Plan(lazy, sample, columns, form, said, work.path)
        with budget(int(memory * SHARE), work.path):
            plan.count()
            plan.sort()
            plan.unite()
        written = work.path / "events.part"
        plan.write(written, told)
        stays = place is not None and place.path.parent == work.home and place.is_of_now
        if place is not None and stays and written.stat().st_size <= cache.limit():
            written = written.replace(place.path)
            cache.make_room(written)
        events = store.read(written)  # a mapped file can be read after its name is gone
    if events is None:
        raise SourceError(f"What was written to {work.home} cannot be read again. Look after that disk.")
    return events


class _Plan:
    def __init__(
        self, lazy: pl.LazyFrame, sample: pl.DataFrame, columns: Columns, form: Form, said: str, work: Path
    ) -> None:
        self.lazy, self.sample, self.columns, self.form = lazy, sample, columns, form
        self.said, self.work = said, work
        self.names = to_encode(sample, columns)
        self.texts: dict[str, pl.Series] = {}
        self.newest = "sorted.arrow"
        self.schema = dict(lazy.collect_schema()) | {columns.time: form.kept_as}

    def count(self) -> None:
        """First pass: how many rows there are, and every text that a code will stand for."""
        plain = self.lazy.select(columns_of(self.lazy.collect_schema(), self.columns, self.form, Coding([])))
        events = plain.filter(row_counts.is_event(self.columns))
        # One query each: Polars would keep the shared rows of several, and that is everything.
        facts = plain.select(row_counts.counts(self.columns)).collect(engine="streaming").row(0, named=True)
        if self.form.layout and facts["times"] < facts["rows"]:
            other = reconsidered(self.form, self.lazy, self.columns)
            if other != self.form:
                self.form, self.schema = other, self.schema | {self.columns.time: other.kept_as}
                self.count()
                return
        quality = row_counts.quality(facts, self.lazy, self.sample, self.columns, self.form)
        disorder = events.select((pl.col(TIME) < pl.col(TIME).shift(1)).sum()).collect(engine="streaming").item()
        self.quality = replace(quality, disorder=disorder, said=(*quality.said, self.said))
        for name in self.names:
            texts = events.select(pl.col(name).cast(pl.String)).unique().collect(engine="streaming")
            self.texts[name] = texts.to_series().drop_nulls().sort()

    def sort(self) -> None:
        """Second pass: codes in the order of their texts, sorted, in one record batch."""
        types, keep = categories(self.texts)
        wanted = columns_of(self.lazy.collect_schema(), self.columns, self.form, Coding([]))
        rows = self.lazy.select(wanted).filter(row_counts.is_event(self.columns))
        rows = rows.with_columns(
            pl.col(name).cast(pl.String).cast(dtype).to_physical() for name, dtype in types.items()
        )
        for name, dtype in self.schema.items():
            if isinstance(dtype, pl.Enum) and name not in self.texts:
                self.texts[name] = dtype.categories
                rows = rows.with_columns(pl.col(name).to_physical())
        by = [TIME if name == self.columns.time else name for name in self.columns.actor]
        rows = rows.sort(*by, TIME, *self.columns.order, nulls_last=False, maintain_order=True)
        rows.sink_ipc(self.work / "sorted.arrow", record_batch_size=self.quality.events)
        del keep

    @property
    def _only(self) -> str | None:
        """The actor's column where it is one of texts: its codes are the actors' then."""
        return self.columns.actor[0] if len(self.columns.actor) == 1 and self.columns.actor[0] in self.texts else None

    def _sorted(self) -> pl.DataFrame:
        batch = pa.ipc.open_file(pa.memory_map(str(self.work / self.newest))).get_batch(0)
        return pl.DataFrame({name: pl.from_arrow(batch.column(name)) for name in batch.schema.names})

    def unite(self) -> None:
        """Leave out events that repeat an earlier id, where that is asked for."""
        if not self.columns.unique_by:
            return
        frame, ids = self._sorted(), tuple(TIME if one == self.columns.time else one for one in self.columns.unique_by)
        again = repeated_ids(frame, frame[TIME], ids)
        count = int(again.sum())
        self.quality = replace(self.quality, repeated_ids=count, events=self.quality.events - count)
        if not count:
            return
        rows = frame.lazy().with_columns(again.alias("@again")).filter(~pl.col("@again")).drop("@again")
        if only := self._only:  # codes stay those of the actors that are left
            used = rows.select(only).unique().collect(engine="streaming")[only].sort()
            self.texts[only] = self.texts[only].gather(used)
            places = used.to_numpy()
            dense = pl.col(only).map_batches(
                lambda codes: pl.Series(np.searchsorted(places, codes.to_numpy()).astype(np.uint32)).cast(used.dtype),
                return_dtype=used.dtype,
                is_elementwise=True,
            )
            rows = rows.with_columns(dense.alias(only))
        rows.sink_ipc(self.work / "united.arrow", record_batch_size=self.quality.events)
        self.newest = "united.arrow"

    def write(self, path: Path, told: Told) -> None:
        """Third pass: actors, times and gaps before the columns, in a file as the store writes it."""
        frame, only = self._sorted(), self._only
        keys = self._keys(frame, only)
        facts = of_times(keys, self.form.aware)
        quality: Quality = replace(self.quality, **facts)  # type: ignore[arg-type]
        quality = told(quality, frame, keys[TIME])
        arrays = {name: store.arrow(keys[name]) for name in store.KEYS}
        if only:
            arrays[ACTOR] = store.arrow(keys[ACTOR], self.texts[only])
        for name in frame.columns:
            if name not in (only, TIME):
                arrays[name] = store.arrow(frame[name], self.texts.get(name))
        store.write_arrays(path, list(arrays), list(arrays.values()), self.columns, quality, self.schema)

    def _keys(self, frame: pl.DataFrame, only: str | None) -> pl.DataFrame:
        """ACTOR, TIME and GAP of sorted events; what is computed lies in files, not in memory."""
        by = [TIME if name == self.columns.time else name for name in self.columns.actor]
        gaps = np.memmap(self.work / "gaps", np.int64, "w+", shape=(frame.height,))
        actors = None if only else np.memmap(self.work / "actors", np.uint32, "w+", shape=(frame.height,))
        before, number = None, -1
        for at in range(0, frame.height, AT_ONCE):
            part = frame.select(*by, TIME)[at : at + AT_ONCE]
            joined = part if before is None else pl.concat([before, part])
            new = joined.select(pl.any_horizontal((pl.col(name) != pl.col(name).shift(1)) for name in by)).to_series()
            deltas = joined[TIME].diff()
            found = pl.DataFrame({"new": new.fill_null(True), "gap": deltas})[-part.height :]
            gaps[at : at + part.height] = found.select(pl.when("new").then(NEVER).otherwise("gap")).to_series()
            if actors is not None:
                numbers = number + found["new"].cast(pl.UInt32).cum_sum().cast(pl.Int64)
                actors[at : at + part.height] = numbers.to_numpy()
                number = int(numbers[-1])
            before = part[-1:]
        code = frame[only].cast(pl.UInt32) if only else _mapped(actors)
        return pl.DataFrame([code.alias(ACTOR), frame[TIME], _mapped(gaps).alias(GAP)])


def _mapped(values: Any) -> pl.Series:
    """A mapped file as a column, without a copy."""
    found = pl.from_arrow(pa.array(values))
    assert isinstance(found, pl.Series)
    return found


@contextmanager
def budget(most: int, spill: Path) -> Iterator[None]:
    """Queries in this process spill to disk what exceeds these bytes."""
    wanted = {"POLARS_OOC_MEMORY_BUDGET_MB": str(max(64, most // 2**20)), "POLARS_OOC_SPILL_DIR": str(spill)}
    before = {name: os.environ.get(name) for name in wanted}
    try:
        pl.Config.load(json.dumps({"environment": wanted}))
        yield
    finally:
        pl.Config.load(json.dumps({"environment": before}))
