"""Derived columns and expressions in conditions, on the local engine, in DuckDB, in documents and in printed code."""

from pathlib import Path

import duckdb
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

import explorer
from explorer.code.polars import polars_code
from explorer.code.sql import sql_code
from explorer.engine.local.engine import LocalEngine
from explorer.engine.sql.remote_engine import RemoteEngine
from explorer.errors import ExplorerError
from explorer.events.added.derived import computed
from explorer.plan.check import checked
from explorer.spec.analysis import Analysis

DERIVED = {
    "who": "coalesce(user_id, device)",
    "campaign": "url_param(url, 'utm_campaign')",
    "loud": "upper(campaign)",
    "dear": "amount > budget",
    "h": "hour(ts)",
    "net": "amount - budget / 2",
}
VISIT = explorer.SessionDefinition(
    "visit",
    "30m",
    where="dear OR amount IS NULL OR lower(page) != 'x'",
    restart="loud = 'SPRING SALE'",
    keep="start >= now() - '2d' AND event_count + 1 > session_number",
    metrics=[
        explorer.Metric("first_campaign", "first", "campaign"),
        explorer.Metric("hours", "n_unique", "h"),
        explorer.Metric("revenue", "sum", "amount * budget"),
        explorer.Metric("longest", "max", "length(page || 'x')", where="amount > 1"),
        explorer.Metric("left_over", "sum", "least(ts - '2024-03-01', '9h')"),
        explorer.Metric("dear_ones", "count", where="dear AND length(page) >= 1"),
    ],
)


@pytest.fixture(scope="module")
def frame() -> pl.DataFrame:
    rows = {
        "user_id": ["ann", "ann", None, "bob", "bob", None],
        "device": ["d1", "d1", "d2", "d3", "d3", None],
        "ts": ["2024-03-01 10:00", "2024-03-01 10:10", "2024-03-01 10:00", "2024-03-02 09:00", "2024-03-02 09:05"] * 1
        + ["2024-03-02 09:05"],
        "page": ["a", "X", "", None, "b", "c"],
        "url": ["/?utm_campaign=spring+sale", "/", None, "/?utm_campaign=", "/?utm_campaign=spring%20sale", "/"],
        "amount": [1.0, 2.0, None, 4.0, 5.0, 6.0],
        "budget": [2, 1, 1, None, 4, 1],
    }
    return pl.DataFrame(rows).with_columns(pl.col("ts").str.to_datetime())


@pytest.fixture(scope="module")
def log(frame: pl.DataFrame) -> LocalEngine:
    return explorer.connect(frame, actor="who", time="ts", event="page", derived=DERIVED)


def test_derived_columns_are_columns(log: LocalEngine):
    assert [name for name in log.schema if name in DERIVED] == list(DERIVED)
    assert log.quality.events == 5  # one row has neither a user nor a device
    found = log.events(VISIT.replace(where=None, keep=None))
    assert found["loud"].to_list() == ["SPRING SALE", None, None, "SPRING SALE", None]
    assert found["net"].to_list() == [0.0, 1.5, None, 3.0, None] or found["who"].to_list()
    assert log.count("dear") == 2
    assert log.count("amount > budget * 2 OR campaign = 'spring sale'") == 2
    assert log.count("ts > now() - '1h'") == 2


def test_duckdb_answers_like_polars(log: LocalEngine, frame: pl.DataFrame):
    with duckdb.connect() as database:
        database.register("log", frame)
        remote = RemoteEngine.of(database, "log", actor="who", time="ts", event="page", derived=DERIVED)
        assert dict(remote.schema) == dict(log.schema)
        assert remote.sessions(VISIT).equals(log.sessions(VISIT))
        assert remote.count("ts > now() - '1h'") == log.count("ts > now() - '1h'")
        database.register("events", frame)
        printed = database.sql(sql_code(log, VISIT)).pl()
    assert printed["first_campaign"].to_list() == log.sessions(VISIT)["first_campaign"].to_list()


def test_the_polars_script_answers_alike(log: LocalEngine, frame: pl.DataFrame):
    names: dict[str, object] = {"events": frame}
    exec(polars_code(log, VISIT), names)  # the script that is shown to the analyst
    made = names["sessions"]
    assert isinstance(made, pl.DataFrame)
    wanted = log.sessions(VISIT)
    for name in ("session_id", "hours", "dear_ones", "first_campaign", "revenue", "longest", "left_over"):
        assert made[name].to_list() == wanted[name].to_list(), name


def test_a_document_keeps_them(log: LocalEngine):
    analysis = Analysis(log.columns, (VISIT,))
    assert Analysis.from_yaml(analysis.to_yaml()) == analysis
    assert Analysis.from_query(analysis.to_query()) == analysis
    assert analysis.columns.plain()["derived"]["loud"] == "upper(campaign)"
    assert hash(analysis.columns) == hash(Analysis.from_json(analysis.to_json()).columns)


def test_only_what_changed_is_computed_again(log: LocalEngine):
    changed = {**DERIVED, "campaign": "url_path(url)"}
    other = log.under(log.columns.replace(derived=changed))
    assert other.count("campaign = '/'") == 4
    assert other.count("loud = '/'") == 4
    fewer = log.under(log.columns.replace(derived={"who": DERIVED["who"]}))
    assert "loud" not in fewer.schema
    assert fewer.event_table.keys is log.event_table.keys


def test_the_command_line_reads_them(frame: pl.DataFrame, tmp_path: Path):
    from explorer.cli import main

    frame.write_parquet(tmp_path / "log.parquet")
    columns = {"actor": "who", "time": "ts", "derived": DERIVED}
    (tmp_path / "analysis.yaml").write_text(Analysis(columns, (VISIT,)).to_yaml())
    out = tmp_path / "out.parquet"
    said = ["sessionize", str(tmp_path / "log.parquet"), "--analysis", str(tmp_path / "analysis.yaml"), "-o", str(out)]
    assert main(said) == 0
    wanted = explorer.connect(frame, actor="who", time="ts", derived=DERIVED).sessions(VISIT)
    assert pl.read_parquet(out)["first_campaign"].to_list() == wanted["first_campaign"].to_list()
    assert main([*said, "--derive", "early=h < 10", "--where", "early", "--keep", "event_count > 0"]) == 0
    assert pl.read_parquet(out)["session_id"].to_list() == ["bob/1", "bob/2"]
    assert main([*said, "--derive", "early"]) == 2


@pytest.mark.parametrize(
    ("derived", "said"),
    [
        ({"a": "b", "b": "a"}, "columns.derived.a: these columns need each other in a circle: a needs b needs a"),
        ({"a": "a || 'x'"}, "a needs a"),
        ({"a": "lowr(page)"}, "Did you mean 'lower'?"),
        ({"a": "page + 1"}, "columns.derived.a: `page + 1`: + takes"),
        ({"page": "lower(url)"}, "has a column 'page' already"),
        ({"a": "lower(pge)"}, "there is no column 'pge'. Did you mean 'page'?"),
        ({"a": "(" * 10_000 + "page" + ")" * 10_000}, "nested more than 150 deep"),
        ({"a": ""}, "An expression is a text"),
        ({"a.b": "page"}, "a word without a dot"),
        (["page"], "a name and an expression"),
    ],
)
def test_what_is_wrong_is_said_with_its_place(frame: pl.DataFrame, derived: dict[str, str], said: str):
    with pytest.raises(ExplorerError) as error:
        explorer.connect(frame, actor="user_id", time="ts", derived=derived)
    assert said in str(error.value)
    assert str(error.value).startswith("columns.derived")


@pytest.mark.parametrize(
    ("column", "said"),
    [
        ("amout", "metrics[0].column: the events have no column 'amout'. Did you mean 'amount'?"),
        ("amount * page", "metrics[0].column: `amount * page`: * takes"),
        ("page", "'sum' needs numbers"),
        ("amount *", "metrics[0].column: `amount *` cannot be read"),
    ],
)
def test_a_metric_of_what_cannot_be_computed_says_so(log: LocalEngine, column: str, said: str):
    wrong = explorer.SessionDefinition("visit", "30m", metrics=[explorer.Metric("m", "sum", column)])
    with pytest.raises(ExplorerError) as error:
        checked(wrong, log.columns, log.schema)
    assert said in str(error.value)
    with pytest.raises(ExplorerError):
        log.sessions(wrong)


def test_an_actor_may_be_an_expression(frame: pl.DataFrame):
    said = "coalesce(user_id, device)"
    log = explorer.connect(frame, actor=said, time="ts", event="page")
    visit = explorer.SessionDefinition("visit", "30m", restart="page = 'X'")
    wanted = explorer.connect(frame, actor="who", time="ts", derived={"who": said}).sessions(visit)
    assert log.sessions(visit)["session_id"].to_list() == wanted["session_id"].to_list()
    assert log.sessions(visit)[said].to_list() == wanted["who"].to_list()
    analysis = Analysis(log.columns, (visit,))
    assert analysis.columns.plain() == {"actor": said, "time": "ts", "event": "page"}
    assert Analysis.from_yaml(analysis.to_yaml()) == analysis
    assert Analysis.from_query(analysis.to_query()) == analysis
    with duckdb.connect() as database:
        database.register("log", frame)
        remote = RemoteEngine.of(database, "log", actor=said, time="ts", event="page")
        assert remote.sessions(visit).equals(log.sessions(visit))
    names: dict[str, object] = {"events": frame}
    exec(polars_code(log, visit), names)  # the script that is shown to the analyst
    assert isinstance(names["sessions"], pl.DataFrame)
    assert names["sessions"]["session_id"].to_list() == wanted["session_id"].to_list()


@given(st.lists(st.tuples(*[st.sampled_from(["a", "B", "", None])] * 3), min_size=1, max_size=30))
def test_combinations_of_texts_are_computed_as_every_row_is(rows: list[tuple[str | None, ...]]) -> None:
    text = pl.DataFrame(rows, schema=dict.fromkeys("xyz", pl.String), orient="row")
    coded = text.select(pl.all().cast(pl.Categorical(pl.Categories.random())))
    for value in (
        pl.col("x") + "-" + pl.col("y"),
        pl.coalesce(pl.col("z"), pl.col("x").str.to_lowercase(), pl.lit("none")),
        pl.col("x").str.len_chars() + pl.col("y").str.len_chars(),
        pl.col("x") == pl.col("y"),
    ):
        found = computed(coded, value, value.meta.root_names(), "v")
        by_row = text.select(value.alias("v")).to_series()
        assert (found.cast(pl.String) if found.dtype == pl.Categorical else found).to_list() == by_row.to_list()
