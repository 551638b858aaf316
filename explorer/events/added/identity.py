"""Stitching: an event without a known user counts for the last known user of its device."""

from dataclasses import dataclass

import polars as pl

from explorer.errors import SourceError, did_you_mean, located
from explorer.events.reading.form import Form
from explorer.plan.in_polars.boundary import TIME
from explorer.plan.literal import TEXTS
from explorer.spec.columns import Columns

PLACE, OWNER = "@row", "@owner"


@dataclass(frozen=True)
class Stitched:
    """Rows with their actor, and what there is to say about whom they count for."""

    lazy: pl.LazyFrame
    sample: pl.DataFrame
    remarks: tuple[str, ...] = ()


def stitched(lazy: pl.LazyFrame, sample: pl.DataFrame, columns: Columns, form: Form) -> Stitched:
    """The rows with `columns.identity` as their actor; what the source has under that name is `<actor>_in_source`.

    `form` is how times are told: a row without a readable time tells nobody's user. Raises SourceError.

    >>> import explorer
    >>> days = ["2024-03-01", "2024-03-02", "2024-03-03"]
    >>> rows = {"user": [None, "ann", None], "device": ["d1", "d1", "d2"], "at": days}
    >>> log = explorer.connect(pl.DataFrame(rows), identity={"known": "user", "anonymous": "device"})
    >>> log.sessions(explorer.SessionDefinition("visit", "30m"))["user"].to_list()
    ['ann', 'ann', 'd2']
    """
    if columns.identity is None:
        return Stitched(lazy, sample)
    schema = lazy.collect_schema()
    known, device, (actor,) = columns.identity.known, columns.identity.anonymous, columns.actor
    for role, name in (("known", known), ("anonymous", device)):
        if name not in schema:
            with located(f"columns.identity.{role}"):
                raise SourceError(f"There is no column '{name}'. {did_you_mean(name, schema)}")
    if actor in schema and f"{actor}_in_source" in schema:
        raise SourceError(
            f"The source's own '{actor}' would be called {actor}_in_source, and so is another. Rename it."
        )
    one = _one_type(schema[known], schema[device])
    who, where = _as_id(known, schema, one), _as_id(device, schema, one)
    owners = _owners(lazy, who, where, columns, form)

    def given(rows: pl.LazyFrame) -> pl.LazyFrame:
        joined = rows.with_columns(where.alias(PLACE)).join(
            owners.select(PLACE, OWNER).lazy(), on=PLACE, how="left", maintain_order="left"
        )
        kept = {actor: f"{actor}_in_source"} if actor in schema else {}
        found = joined.with_columns(pl.coalesce(who, OWNER, PLACE).alias("@actor_of_row")).drop(PLACE, OWNER)
        names = list(schema) if actor in schema else [actor, *schema]
        renamed = found.rename(kept, strict=False).rename({"@actor_of_row": actor})
        return renamed.select(*names, *kept.values())

    return Stitched(given(lazy), given(sample.lazy()).collect(), _remarks(lazy, who, where, owners, columns, form))


def _owners(lazy: pl.LazyFrame, who: pl.Expr, where: pl.Expr, columns: Columns, form: Form) -> pl.DataFrame:
    """The last known user of every device that has one, and how many it has had: PLACE, OWNER, `users`."""
    rows = _rows(lazy, who, where, columns, form).filter(pl.all_horizontal(pl.col(PLACE, OWNER).is_not_null()))
    order = ["@time", *(f"@order{at}" for at in range(len(columns.order))), "@number"]
    last = pl.col(OWNER).sort_by(order, nulls_last=False).last()
    found: pl.DataFrame = rows.group_by(PLACE).agg(last, pl.col(OWNER).n_unique().alias("users")).collect()
    return found


def _rows(lazy: pl.LazyFrame, who: pl.Expr, where: pl.Expr, columns: Columns, form: Form) -> pl.LazyFrame:
    """The rows with a readable time: PLACE, OWNER, and what tells their order."""
    time = pl.col(columns.time).map_batches(form.us, return_dtype=pl.Int64, is_elementwise=True)
    schema = lazy.collect_schema()
    order = [_sortable(name, schema[name]).alias(f"@order{at}") for at, name in enumerate(columns.order)]
    rows = lazy.with_row_index("@number").select(
        where.alias(PLACE), who.alias(OWNER), time.alias(TIME), *order, "@number"
    )
    return rows.filter(pl.col(TIME).is_not_null())


def _remarks(
    lazy: pl.LazyFrame, who: pl.Expr, where: pl.Expr, owners: pl.DataFrame, columns: Columns, form: Form
) -> tuple[str, ...]:
    assert columns.identity is not None
    device = columns.identity.anonymous
    rows = _rows(lazy, who, where, columns, form)
    theirs = rows.join(owners.lazy(), on=PLACE, how="left")
    anonymous = pl.col(OWNER).is_null() & pl.col(PLACE).is_not_null()
    facts = theirs.select(
        known=pl.col(OWNER).is_not_null().sum(),
        found=(anonymous & pl.col("users").is_not_null()).sum(),
        nobody=(anonymous & pl.col("users").is_null()).sum(),
    )
    counted = facts.collect().row(0, named=True)
    shared = int((owners["users"] > 1).sum())
    both = rows.select(OWNER).unique().join(rows.select(PLACE).unique(), left_on=OWNER, right_on=PLACE, how="semi")
    same = both.drop_nulls().collect().height
    found = [
        (
            f"{_many(counted['known'], 'event')} with a known {columns.identity.known}; "
            f"{counted['found']:,} without one counted for the last that was known on their {device}, "
            f"{counted['nobody']:,} for the {device} itself."
        )
    ]
    if shared:
        verb = "has" if shared == 1 else "have"
        found.append(
            f"{_many(shared, 'value')} of {device} {verb} several users; what is anonymous there counts for the last."
        )
    if same:
        verb = "is" if same == 1 else "are"
        found.append(
            f"{_many(same, 'id')} {verb} both in {columns.identity.known} and in {device}: these count as one actor."
        )
    return tuple(found)


def _one_type(known: pl.DataType, device: pl.DataType) -> pl.DataType:
    same = known == device and not isinstance(known, TEXTS) and not known.is_float()
    return known if same else pl.String()


def _as_id(name: str, schema: pl.Schema, dtype: pl.DataType) -> pl.Expr:
    column, its = pl.col(name), schema[name]
    if its.is_float():
        whole = column.cast(pl.Int64, strict=False)
        text = pl.when(whole.cast(its) == column).then(whole.cast(pl.String)).otherwise(column.cast(pl.String))
        return text.replace("NaN", None)
    return column if its == dtype else column.cast(pl.String)


def _sortable(name: str, dtype: pl.DataType) -> pl.Expr:
    return pl.col(name).cast(pl.String) if isinstance(dtype, pl.Categorical | pl.Enum) else pl.col(name)


def _many(count: int, what: str) -> str:
    return f"1 {what}" if count == 1 else f"{count:,} {what}s"
