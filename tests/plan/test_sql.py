"""The SQL that is shown and copied, as an analyst reads it, and what a database cannot do."""

from pathlib import Path
from typing import Any

import polars as pl
import pytest

from explorer.errors import EngineError, SpecError
from explorer.plan.in_sql.dialect import Dialect
from explorer.plan.in_sql.predicate import predicate
from explorer.plan.in_sql.query import definition_sql
from explorer.spec.columns import Columns
from explorer.spec.expression.clause import parse
from explorer.spec.metric import Metric, Scope
from explorer.spec.session import SessionDefinition

GALLERY = sorted((Path(__file__).parents[1] / "analyses").glob("*.yaml"))
COLUMNS = Columns("user_id", "ts", "event")
SCHEMA: dict[str, pl.DataType] = {
    "user_id": pl.String(),
    "user": pl.String(),
    "ts": pl.Datetime("us"),
    "event": pl.String(),
    "page": pl.String(),
    "platform": pl.String(),
    "amount": pl.Float64(),
    "seq": pl.Int64(),
}


def sql(definition: SessionDefinition, columns: Columns = COLUMNS, dialect: str = "duckdb") -> str:
    return definition_sql(definition, columns, SCHEMA, "shop", dialect)


# ---- as it is read

PLAIN = """\
WITH events AS (
  SELECT
    user_id,
    ts,
    EPOCH_US(ts) AS time_us
  FROM shop
  WHERE
    NOT user_id IS NULL AND NOT ts IS NULL
), ordered AS (
  SELECT
    *,
    ROW_NUMBER() OVER actor AS place,
    time_us - LAG(time_us) OVER actor AS gap
  FROM events
  WINDOW actor AS (PARTITION BY user_id ORDER BY time_us)
), flagged AS (
  SELECT
    *,
    CASE WHEN place = 1 THEN 'first' WHEN gap > 1800000000 THEN 'inactivity' END AS started_by
  FROM ordered
), numbered AS (
  SELECT
    *,
    COUNT(started_by) OVER (PARTITION BY user_id ORDER BY place) AS session_number
  FROM flagged
), neighbours AS (
  SELECT
    time_us,
    CASE
      WHEN RANK() OVER (ORDER BY time_us) > 1
      THEN time_us - LAG(time_us) OVER (ORDER BY time_us)
    END AS wide_us,
    RANK() OVER (ORDER BY time_us) - 1 AS before_it
  FROM events
), whole AS (
  SELECT
    COUNT(*) AS event_total,
    MIN(time_us) AS low_us,
    MAX(time_us) AS high_us,
    MAX(wide_us) AS widest_us
  FROM neighbours
), edges AS (
  SELECT
    COALESCE(
      MAX(
        CASE
          WHEN wide_us = widest_us
          AND before_it < (
            event_total - before_it
          )
          AND (
            before_it = 1 OR before_it * 1000 < event_total
          )
          AND wide_us > (
            high_us - time_us
          )
          THEN time_us
        END
      ),
      MIN(low_us)
    ) AS first_us,
    COALESCE(
      MIN(
        CASE
          WHEN wide_us = widest_us
          AND (
            event_total - before_it
          ) < before_it
          AND (
            (
              event_total - before_it
            ) = 1
            OR (
              event_total - before_it
            ) * 1000 < event_total
          )
          AND wide_us > (
            (
              time_us - wide_us
            ) - low_us
          )
          THEN (
            time_us - wide_us
          )
        END
      ),
      MAX(high_us)
    ) AS last_us
  FROM neighbours
  CROSS JOIN whole
), sessions AS (
  SELECT
    user_id,
    session_number,
    MIN(ts) AS start,
    MAX(ts) AS "end",
    MAX(time_us) - MIN(time_us) AS duration,
    COUNT(*) AS event_count,
    MAX(started_by) AS started_by,
    CASE
      WHEN ABS(MIN(time_us) - first_us) <= 1800000000
      AND ABS(last_us - MAX(time_us)) <= 1800000000
      THEN 'both'
      WHEN ABS(MIN(time_us) - first_us) <= 1800000000
      THEN 'start'
      WHEN ABS(last_us - MAX(time_us)) <= 1800000000
      THEN 'end'
    END AS cut_off
  FROM numbered
  CROSS JOIN edges
  GROUP BY
    user_id,
    session_number,
    first_us,
    last_us
)
SELECT
  user_id || '/' || CAST(session_number AS TEXT) AS session_id,
  user_id,
  session_number,
  start,
  "end",
  duration,
  event_count,
  started_by,
  cut_off
FROM sessions
ORDER BY
  user_id,
  session_number"""


def test_a_plain_definition_reads_like_this():
    assert sql(SessionDefinition("visit", "30m")) == PLAIN


PARTS = {
    "restart, end, where": (
        {"restart": "event = 'login'", "end": "event = 'logout'", "where": "NOT event = 'heartbeat'", "boundary": ">="},
        """\
), ordered AS (
  SELECT
    *,
    ROW_NUMBER() OVER actor AS place,
    time_us - LAG(time_us) OVER actor AS gap,
    LAG(event = 'logout') OVER actor AS after_end
  FROM events
  WHERE
    event IS DISTINCT FROM 'heartbeat'
  WINDOW actor AS (PARTITION BY user_id ORDER BY time_us, input_row)
), flagged AS (
  SELECT
    *,
    CASE
      WHEN place = 1
      THEN 'first'
      WHEN event = 'login'
      THEN 'restart'
      WHEN after_end
      THEN 'end'
      WHEN gap >= 1800000000
      THEN 'inactivity'
    END AS started_by
  FROM ordered
), numbered AS (""",
    ),
    "split_by, calendar": (
        {"split_by": "platform", "calendar": "Europe/Berlin"},
        """\
), placed AS (
  SELECT
    *,
    ROW_NUMBER() OVER (PARTITION BY user_id ORDER BY time_us, input_row) AS place
  FROM events
), ordered AS (
  SELECT
    *,
    ROW_NUMBER() OVER stream AS place_in_stream,
    time_us - LAG(time_us) OVER stream AS gap,
    CAST(ts AS DATE) <> LAG(CAST(ts AS DATE)) OVER stream AS new_day
  FROM placed
  WINDOW stream AS (PARTITION BY user_id, platform ORDER BY place)
), flagged AS (""",
    ),
    "max_duration": (
        {"max_duration": "4h"},
        """\
), stretches AS (
  SELECT
    *,
    COUNT(opened_by) OVER (PARTITION BY user_id ORDER BY place) AS stretch
  FROM flagged
), folded AS (
  SELECT
    user_id,
    stretch,
    LIST_REDUCE(
      ARRAY_AGG([time_us] ORDER BY place),
      LAMBDA opened, item : CASE
        WHEN item[1] - opened[-1] > 14400000000
        THEN LIST_CONCAT(opened, item)
        ELSE opened
      END
    ) AS openings
  FROM stretches
  GROUP BY
    user_id,
    stretch
  HAVING
    MAX(time_us) - MIN(time_us) > 14400000000
), limited AS (
  SELECT
    stretches.*,
    COALESCE(
      opened_by,
      CASE
        WHEN gap > 0 AND LIST_CONTAINS(openings, stretches.time_us)
        THEN 'max_duration'
      END
    ) AS started_by
  FROM stretches
  LEFT JOIN folded
    ON stretches.user_id = folded.user_id AND stretches.stretch = folded.stretch
), numbered AS (""",
    ),
    "metrics, scopes, keep": (
        {
            "metrics": [
                Metric("bought", "count", where="event = 'purchase'", scope=Scope(contains="event = 'login'", nth=1)),
                Metric("pages", "n_unique", "page", scope=Scope(where="duration > '1h'")),
                Metric("entry", "first", "page"),
                Metric("per event", "ratio", "pages / event_count"),
            ],
            "keep": "bought > 0 AND start >= '2024-03-01'",
        },
        """\
    COUNT(*) FILTER (WHERE event = 'purchase') AS bought_unscoped,
    COUNT(*) FILTER (WHERE event = 'login') > 0 AS bought_contains,
    COALESCE(COUNT(DISTINCT page), 0) AS pages_unscoped,
    ARG_MIN(page, place) FILTER (WHERE NOT page IS NULL) AS entry
  FROM numbered
  CROSS JOIN edges
  GROUP BY
    user_id,
    session_number,
    first_us,
    last_us
), measured AS (
  SELECT
    *,
    CASE
      WHEN bought_contains
      AND ROW_NUMBER() OVER (PARTITION BY user_id, bought_contains ORDER BY session_number) = 1
      THEN bought_unscoped
    END AS bought,
    CASE WHEN duration > 3600000000 THEN pages_unscoped END AS pages
  FROM sessions
), measured_2 AS (
  SELECT
    *,
    CAST(pages AS DOUBLE) / NULLIF(CAST(event_count AS DOUBLE), 0) AS "per event"
  FROM measured
)
SELECT
  user_id || '/' || CAST(session_number AS TEXT) AS session_id,
  user_id,
  session_number,
  start,
  "end",
  duration,
  event_count,
  started_by,
  cut_off,
  bought,
  pages,
  entry,
  "per event"
FROM measured_2
WHERE
  bought > 0 AND start >= CAST('2024-03-01 00:00:00' AS TIMESTAMP)
""",
    ),
}


@pytest.mark.parametrize(("said", "wanted"), PARTS.values(), ids=PARTS)
def test_a_part_reads_like_this(said: dict[str, Any], wanted: str):
    assert wanted in sql(SessionDefinition("visit", "30m", **said))


CONDITIONS = [
    ("event = 'x' AND amount > 1", "event = 'x' AND amount > 1"),
    ("event != 'x'", "event IS DISTINCT FROM 'x'"),
    ("NOT (event = 'x' OR amount > 1.5)", "NOT (event IS NOT DISTINCT FROM 'x' OR COALESCE(amount > 1.5, FALSE))"),
    ("NOT event IN ('x', 'y')", "NOT COALESCE(event IN ('x', 'y'), FALSE)"),
    ("page IS NOT NULL", "NOT page IS NULL"),
    ("page ~ 'a.b'", "REGEXP_MATCHES(page, 'a.b')"),
    ("contains(page, '%')", "CONTAINS(page, '%')"),
    ("ts < '2024-03-01 12:00'", "ts < CAST('2024-03-01 12:00:00' AS TIMESTAMP)"),
    ("amount = 0.12345678901234568", "amount = 0.12345678901234568e0"),
    ("TRUE", "TRUE"),
]


@pytest.mark.parametrize(("said", "wanted"), CONDITIONS)
def test_a_condition_reads_like_this(said: str, wanted: str):
    assert predicate(parse(said), SCHEMA, Dialect()).sql("duckdb") == wanted


# ---- what is refused

REFUSED = [
    ("oracle", {}, "There is no SQL for 'oracle' here. There are: duckdb,"),
    ("spark", {"restart": "event = 'login'"}, "Spark does not keep the order of rows"),
    ("bigquery", {"metrics": [Metric("m", "p90", "amount")]}, "metrics[0]: BigQuery has no exact percentile"),
]


@pytest.mark.parametrize(("dialect", "said", "wanted"), REFUSED, ids=[dialect for dialect, _, _ in REFUSED])
def test_what_a_database_cannot_do_is_said(dialect: str, said: dict[str, Any], wanted: str):
    with pytest.raises(EngineError) as error:
        sql(SessionDefinition("visit", "30m", **said), dialect=dialect)
    assert wanted in str(error.value)


def test_what_is_not_written_for_a_database_is_said():
    definition = SessionDefinition("visit", "30m", metrics=[Metric("m", "mode", "event")])
    with pytest.raises(EngineError, match="'mode' is not written for Postgres"):
        sql(definition, COLUMNS.replace(order="seq"), "postgres")


def test_sql_needs_a_timestamp():
    with pytest.raises(EngineError, match="'ts' is a text; SQL cuts sessions by a timestamp"):
        definition_sql(SessionDefinition("visit", "30m"), COLUMNS, SCHEMA | {"ts": pl.String()}, "shop")


@pytest.mark.parametrize("said", [{"where": "evnt = 'x'"}, {"end": "amount = 'x'"}, {"keep": "evnt = 1"}])
def test_what_does_not_fit_the_columns_is_a_spec_error(said: dict[str, Any]):
    with pytest.raises(SpecError) as error:
        sql(SessionDefinition("visit", "30m", **said))
    assert str(error.value).startswith(next(iter(said)))
