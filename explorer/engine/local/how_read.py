"""How an engine has read its source, so that others can read it the same way."""

from __future__ import annotations

from dataclasses import replace

import polars as pl

from explorer.engine.answers.reading import Reading
from explorer.engine.local.source_reader import SourceReader
from explorer.events.added.derived import early_of
from explorer.events.files.scan import FIRST_LOOK, scanned
from explorer.events.load import interpreted, roled
from explorer.events.reading.decide import reconsidered
from explorer.events.reading.values import texts_wanted


def reading(engine: SourceReader) -> Reading:
    """Looks at the beginning of the source once more; raises SourceError where it is gone."""
    found: Reading = engine.stages.get("reading", (), lambda: _reading(engine))
    return found


def _reading(engine: SourceReader) -> Reading:
    columns = engine.columns.replace(derived=early_of(engine.columns), lookups=())
    made = [each.name for each in engine.columns.derived]
    source, _ = roled(scanned(engine.source), **vars(columns))

    def use(lazy: pl.LazyFrame) -> Reading:
        raw = dict(lazy.collect_schema())
        found = interpreted(source, lazy, columns)
        form = found.form
        if form.layout and engine.quality.no_time:
            form = reconsidered(form, found.lazy, columns)
        texts = tuple(name for name in texts_wanted(raw, columns) if raw.get(name) == pl.String)
        odd = form.guessed and bool(engine.quality.other_unit or engine.quality.no_time)
        return Reading(
            *(source.files, raw, form, FIRST_LOOK, found.steps, texts if source.is_written else (), odd, source.json),
            columns.format.plain() if columns.format else None,
        )

    found = source.run(use)
    kept = found.steps.schema(found.schema)
    if source.again is None or all(
        kept.get(name) == dtype for name, dtype in engine.schema.items() if name not in (columns.time, *made)
    ):
        return found
    return replace(use(source.again()), look=None)
