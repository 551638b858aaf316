"""Lookups join tables of properties, many to one; what does not fit is said with its place."""

from pathlib import Path

import polars as pl
import pytest

import explorer
from explorer.code.polars import polars_code
from explorer.code.sql import sql_code
from explorer.engine.local.engine import LocalEngine
from explorer.errors import ExplorerError
from explorer.spec.analysis import Analysis

LOOKUPS = {"users": {"file": "users.csv", "on": "user_id"}}
VISIT = explorer.SessionDefinition(
    "visit", "30m", where="plan != 'free'", metrics=[explorer.Metric("double", "mean", "age * 2")]
)


@pytest.fixture
def data(tmp_path: Path) -> Path:
    rows = {
        "user_id": ["u1", "u1", "u2", "u3", "u9"],
        "ts": ["2024-03-01 10:00"] * 5,
        "country": ["x"] * 5,
    }
    pl.DataFrame(rows).write_csv(tmp_path / "log.csv")
    users = {"user_id": ["u1", "u2", "u3", None], "plan": ["pro", "free", None, "?"], "age": [30, 40, None, 1]}
    pl.DataFrame(users | {"country": ["DE", "FR", "IT", "?"]}).write_csv(tmp_path / "users.csv")
    return tmp_path / "log.csv"


def connect(data: Path, **how: object) -> LocalEngine:
    return explorer.connect(data, actor="user_id", time="ts", **{"lookups": LOOKUPS} | how)


def test_every_event_knows_its_row(data: Path):
    log = connect(data, derived={"rich": "upper(plan)"})
    found = log.events(explorer.SessionDefinition("all", "30m"))
    assert found["plan"].to_list() == ["pro", "pro", "free", None, None]
    assert found["rich"].to_list() == ["PRO", "PRO", "FREE", None, None]
    assert found["users.country"].to_list() == ["DE", "DE", "FR", "IT", None]
    assert found["country"].to_list() == ["x"] * 5
    assert log.count("\"users.country\" = 'DE' OR age > 35") == 3
    assert log.sessions(VISIT)["double"].to_list() == [60.0, None, None]
    assert any("1 of 5 events with a user_id have no row in users.csv" in text for text in log.quality.remarked)


@pytest.mark.parametrize(
    "said",
    [
        {"users": {"file": "users.csv", "on": "user_id"}},
        [{"file": "users.csv", "on": "user_id"}],
        {"file": "users.csv", "on": "user_id"},
        {"users": {"file": "users.csv", "on": {"user_id": "user_id"}}},
        {"users": {"file": "users.csv", "on": "who"}},
    ],
)
def test_forms_that_people_write(data: Path, said: object):
    how: dict[str, object] = {"derived": {"who": "lower(upper(user_id))"}} if "who" in str(said) else {}
    if "who" in str(said):
        said = {"users": {"file": "users.csv", "on": "who", "key": "user_id"}}
    assert connect(data, lookups=said, **how).count("plan = 'pro'") == 2


def test_a_document_keeps_them_and_changing_them_reads_again(data: Path):
    log = connect(data)
    analysis = Analysis(log.columns, (VISIT,))
    assert Analysis.from_yaml(analysis.to_yaml()) == analysis
    assert Analysis.from_query(analysis.to_query()) == analysis
    assert "plan" not in log.under(log.columns.replace(lookups={})).schema
    assert log.under(log.columns.replace(derived={"a": "lower(plan)"})).count("a = 'pro'") == 2


def test_numbers_and_texts_are_the_same_id(tmp_path: Path):
    pl.DataFrame({"user": [7, 8], "ts": ["2024-03-01", "2024-03-01"]}).write_parquet(tmp_path / "log.parquet")
    pl.DataFrame({"id": ["7", "9"], "plan": ["pro", "free"]}).write_parquet(tmp_path / "users.parquet")
    lookups = {"users": {"file": "users.parquet", "on": "user", "key": "id"}}
    log = explorer.connect(tmp_path / "log.parquet", actor="user", time="ts", lookups=lookups)
    assert log.count("plan = 'pro'") == 1


def test_printed_code_joins_them(data: Path):
    log = connect(data)
    names: dict[str, object] = {}
    exec(polars_code(log, VISIT), names)  # the script that is shown to the analyst
    made = names["sessions"]
    assert isinstance(made, pl.DataFrame)
    assert made["double"].to_list() == log.sessions(VISIT)["double"].to_list()
    assert "users.csv" in sql_code(log, VISIT)


@pytest.mark.parametrize(
    ("lookup", "said"),
    [
        ({"file": "twice.csv", "on": "user_id"}, "twice.csv has more than one row for user_id 'u1'"),
        ({"file": "usrs.csv", "on": "user_id"}, "There is no file usrs.csv beside the data. Did you mean 'users.csv'?"),
        ({"file": "users.csv", "on": "user"}, "There is no column 'user'"),
        ({"file": "users.csv", "on": "user_id", "key": "id"}, "users.csv has no column 'id'"),
        ({"file": "../users.csv", "on": "user_id"}, "leaves the folder of the data"),
        ({"file": "/etc/passwd", "on": "user_id"}, "leaves the folder of the data"),
        ({"file": "C:\\users.csv", "on": "user_id"}, "leaves the folder of the data"),
        ({"file": "out.csv", "on": "user_id"}, "leads out of the folder"),
        ({"file": "users.csv"}, "needs 'on'"),
        ("users.csv", "Expected the fields of a Lookup"),
    ],
)
def test_what_is_wrong_is_said_with_its_place(
    data: Path, tmp_path_factory: pytest.TempPathFactory, lookup: object, said: str
):
    pl.DataFrame({"user_id": ["u1", "u1"], "plan": ["a", "b"]}).write_csv(data.parent / "twice.csv")
    secret = tmp_path_factory.mktemp("elsewhere") / "secret.csv"
    secret.write_text("user_id,plan\nu1,x\n")
    (data.parent / "out.csv").symlink_to(secret)
    with pytest.raises(ExplorerError) as error:
        connect(data, lookups={"users": lookup})
    assert said in str(error.value)
    assert str(error.value).startswith("columns.lookups.users")
