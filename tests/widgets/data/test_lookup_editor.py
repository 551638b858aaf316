"""Tables that are joined to the events: picked, tried, joined, changed and removed, and what is wrong said in place."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

import explorer
from explorer.engine.local.engine import LocalEngine
from explorer.errors import SourceError
from explorer.events.added.lookups import path_of, uploaded
from explorer.events.files.folders import Folders
from explorer.sample import SAMPLE
from explorer.spec.analysis import first_analysis
from explorer.spec.lookup import Lookup
from explorer.state import Explorer
from widgets.data.controller import Opening, called
from widgets.data.data_toggle import DataToggle
from widgets.data.lookups.lookup_editor import match_html
from widgets.data.upload import Upload, upload_folder

USERS = {"user_id": ["u1", "u2", "u3", None], "plan": ["pro", "<b>free</b>", None, "?"], "age": [30, 40, None, 1]}


@pytest.fixture
def data(tmp_path: Path) -> Path:
    rows = {"who": ["u1", "u1", "u2", "u3", "u9"], "ts": ["2024-03-01 10:00"] * 5, "age": [1, 2, 3, 4, 5]}
    pl.DataFrame(rows).write_csv(tmp_path / "log.csv")
    pl.DataFrame(USERS).write_csv(tmp_path / "users.csv")
    pl.DataFrame({"user_id": ["u1", "u1"], "plan": ["a", "a"]}).write_csv(tmp_path / "twice.csv")
    return tmp_path / "log.csv"


def connect(data: Path, **how: object) -> LocalEngine:
    return explorer.connect(data, actor="who", time="ts", **how)


@pytest.fixture
def opening(data: Path) -> Opening:
    engine = connect(data)
    state = Explorer(engine=engine, analysis=first_analysis(engine.columns))
    folders = Folders((data.parent, SAMPLE.parent))
    found = Opening(state, DataToggle(), folders, lambda path: (engine, None), lambda *_: None, lambda _: None)
    found.toggle.value = True
    return found


def test_what_fits_best_is_found(data: Path):
    found = connect(data).lookup_file(data.parent / "users.csv", "users.csv")
    assert (found.on, found.key, found.keys, found.rows) == ("who", "user_id", ("user_id", "plan", "age"), 4)


def test_a_match_says_what_joining_would_say(data: Path):
    found = connect(data).lookup_match(Lookup("users", "users.csv", "who", "user_id"))
    assert (found.asked, found.matched, found.rows, found.used, found.missing) == (5, 4, 3, 3, ("u9",))
    assert [(each.name, each.kind) for each in found.columns] == [("plan", "text"), ("users.age", "number")]
    log = connect(data, lookups={"users": {"file": "users.csv", "on": {"who": "user_id"}}})
    assert [name for name in log.schema if name not in ("who", "ts", "age")] == [each.name for each in found.columns]
    again = log.lookup_match(Lookup("users", "users.csv", "who", "user_id"))
    assert again == found  # what it brings already is not in its own way
    said = match_html(found, "who")
    assert "<b>4 of 5 events</b>" in said
    assert "&lt;b&gt;free" in said


def test_a_table_is_picked_tried_and_joined(opening: Opening):
    editor = opening.panel.lookups
    editor.open()
    editor.chooser.hear({"open": "users.csv"})
    assert editor.file is not None
    assert (editor.name_field.value, editor.on_field.value, editor.key_field.value) == ("users", "who", "user_id")
    assert editor.match is not None
    assert not editor.join.disabled
    editor.join.clicks += 1
    columns = opening.state.analysis.columns
    assert columns.plain()["lookups"] == {"users": {"file": "users.csv", "on": "who", "key": "user_id"}}
    assert opening.state.analysis.to_yaml().count("users.csv") == 1


def test_a_table_is_changed_and_removed(data: Path):
    engine = connect(data, lookups={"users": {"file": "users.csv", "on": "who", "key": "user_id"}})
    state = Explorer(engine=engine, analysis=first_analysis(engine.columns))
    opening = Opening(
        state, DataToggle(), Folders((data.parent,)), lambda path: (engine, None), lambda *_: None, lambda _: None
    )
    opening.toggle.value = True
    editor = opening.panel.lookups
    [users] = engine.columns.lookups
    editor.open(users)
    assert (editor.name_field.value, editor.match.matched) == ("users", 4)
    editor.name_field.value = "people"
    editor.join.clicks += 1
    assert [each.name for each in state.analysis.columns.lookups] == ["people"]
    editor.columns = state.analysis.columns
    editor._remove(state.analysis.columns.lookups[0])
    assert state.analysis.columns.lookups == ()


@pytest.mark.parametrize(
    ("chosen", "key", "said"),
    [
        ("twice.csv", None, "No column of twice.csv holds each value once"),
        ("users.csv", "nothing", "users.csv has no column 'nothing'"),
        ("gone.csv", None, "Did you mean"),
    ],
)
def test_what_is_wrong_is_said_in_place(opening: Opening, chosen: str, key: str | None, said: str):
    editor = opening.panel.lookups
    editor.open()
    editor.chooser.hear({"open": chosen})
    if key is not None:
        editor.key_field.param.update(options=[key], value=key)
    assert said in (editor.error or editor.chooser.error)
    assert editor.join.disabled
    editor.join.clicks += 1
    assert opening.state.analysis.columns.lookups == ()


def test_a_key_that_is_there_twice_is_named(opening: Opening, data: Path):
    pl.DataFrame({"user_id": ["u1", "u1", "u2"], "n": [1, 2, 3]}).write_csv(data.parent / "some.csv")
    editor = opening.panel.lookups
    editor.open()
    editor.chooser.hear({"open": "some.csv"})
    assert editor.key_field.value == "n"
    assert "user_id – a value is there twice" in editor.key_field.options
    editor.key_field.value = "user_id"
    assert "some.csv has more than one row for user_id 'u1'" in editor.error
    assert editor.join.disabled


def test_types_that_can_never_be_equal_say_so(data: Path):
    pl.DataFrame({"day": [pl.Series(["2024-03-01"]).str.to_date()[0]], "x": [1]}).write_parquet(
        data.parent / "days.parquet"
    )
    with pytest.raises(SourceError, match="The keys are of types Int64 and Date and can never be equal"):
        connect(data).lookup_match(Lookup("days", "days.parquet", "age", "day"))


def test_a_name_that_cannot_be_is_said(opening: Opening):
    editor = opening.panel.lookups
    editor.open()
    editor.chooser.hear({"open": "users.csv"})
    editor.name_field.value = "a.b"
    assert "cannot be the name of a lookup" in editor.error
    assert editor.join.disabled
    editor.name_field.value = "people"
    assert editor.error == ""
    assert not editor.join.disabled


def test_an_upload_is_joined_and_named_so_that_nobody_guesses_it(opening: Opening):
    content = b"user_id,score\nu1,7\nu2,8\n"
    upload = Upload("scores.csv", len(content))
    path = upload.take(content)
    assert path is not None
    file = called(path, Path("/nowhere"))
    assert file == f"uploads/{path.parent.name}/scores.csv"
    assert path_of(file, Path("/nowhere")) == path
    editor = opening.panel.lookups
    editor.open()
    editor._choose(str(path))
    assert (editor.name_field.value, editor.match.matched) == ("scores", 3)
    editor.join.clicks += 1
    engine = opening.state.engine.under(opening.state.analysis.columns)
    assert engine.count("score > 6") == 3
    path.unlink()
    with pytest.raises(SourceError, match=r"scores\.csv was uploaded to a page that is closed\. Upload it again\."):
        path_of(file, Path("/nowhere"))
    with pytest.raises(SourceError, match="was uploaded to another server"):
        path_of("uploads/guessed/scores.csv", opening.folders.roots[0])


def test_a_file_outside_the_folder_of_the_data_is_refused(opening: Opening):
    with pytest.raises(SourceError, match="lies outside the folder of the data"):
        called(SAMPLE, opening.folders.roots[0])
    assert uploaded(upload_folder() / "a" / "b.csv") == "uploads/a/b.csv"


def test_a_lookup_that_is_gone_is_said_beside_the_tables(opening: Opening):
    panel = opening.panel
    panel.columns_error = "columns.lookups.users: There is no file users.csv beside the data."
    assert panel.lookup_notice.value is not None
    assert panel.notice.value is None
