"""The parts of the data panel without a browser: values in, values out, one event per change."""

from __future__ import annotations

import gc
from datetime import datetime, timedelta
from pathlib import Path

import polars as pl
import pytest

import explorer
from explorer.engine.local.editors.column_overview import described
from explorer.errors import SourceError
from explorer.events.files.folders import Folders
from explorer.events.quality.quality import Quality
from explorer.spec.analysis import first_analysis
from explorer.spec.columns import Columns
from explorer.spec.session import SessionDefinition
from tests.widgets.events import record
from widgets.data.columns_editor import AS_IN_DATA, DETECTED, ColumnsEditor
from widgets.data.columns_table import ColumnRow, ColumnsTable
from widgets.data.data_facts import data_facts
from widgets.data.data_panel import DataPanel
from widgets.data.findings import Finding, findings
from widgets.data.load_doctor import Doctor
from widgets.data.source import SourceChooser
from widgets.data.upload import LONGEST, Upload, safe_name, upload_folder

NASTY = "<img src=x onerror=alert(1)>"
TEN = datetime(2024, 3, 1, 10)
FRAME = pl.DataFrame(
    {
        "user": ["a", "a", "a", NASTY, None],
        "ts": [TEN, TEN, TEN + timedelta(hours=1), TEN, TEN],
        "event": ["x", "x", "y", None, "x"],
        "seq": [2, 2, 3, 1, 1],
        "wait": [timedelta(seconds=90)] * 5,
    }
)


@pytest.fixture
def folders(tmp_path: Path) -> Folders:
    (tmp_path / "logs").mkdir()
    for name in ("events.csv", "logs/a.csv"):
        (tmp_path / name).write_text("user,ts\na,2024-03-01\n")
    return Folders((tmp_path,))


# ---- the source


def test_a_path_is_chosen_once(folders: Folders) -> None:
    chooser = SourceChooser(folders=folders)
    said = record(chooser, "value")
    chooser.hear({"open": "events.csv"})
    chooser.hear({"open": "./events.csv"})
    assert said == [str(folders.roots[0] / "events.csv")]
    assert chooser.__panel__().path == "events.csv"


def test_a_refused_path_says_why_and_changes_nothing(folders: Folders) -> None:
    chooser = SourceChooser(folders=folders)
    chooser.hear({"open": "events.csv"})
    said = record(chooser, "value")
    chooser.hear({"open": "../../etc/passwd"})
    assert "outside the folders that may be opened" in chooser.error
    assert chooser.__panel__().error == chooser.error
    chooser.hear({"open": "event.csv"})
    assert "Did you mean 'events.csv'?" in chooser.error
    assert said == []


def test_what_failed_can_be_tried_again(folders: Folders) -> None:
    chooser = SourceChooser(folders=folders)
    chooser.hear({"open": "events.csv"})
    said = record(chooser, "value")
    chooser.error = "It holds no times."
    chooser.hear({"open": "events.csv"})
    assert said == [chooser.value]
    assert chooser.error == ""


def test_suggestions_follow_what_is_typed(folders: Folders) -> None:
    chooser = SourceChooser(folders=folders)
    chooser.hear({"typed": ""})
    assert chooser.__panel__().listing == {
        "typed": "",
        "found": [("logs/", True, ""), ("events.csv", False, "21 bytes")],
        "more": 0,
    }


def test_the_sample_is_one_click() -> None:
    chooser = SourceChooser(sample="sample_data/shop.csv.gz")
    said = record(chooser, "value")
    assert chooser.__panel__().sample
    chooser.hear({"sample": True})
    assert said == ["sample_data/shop.csv.gz"]
    assert not SourceChooser().__panel__().sample


def test_so_is_the_messy_one() -> None:
    chooser = SourceChooser(sample="sample_data/shop.csv.gz", messy="sample_data/access.log.gz")
    said = record(chooser, "value")
    assert chooser.__panel__().messy
    chooser.hear({"sample": "messy"})
    assert said == ["sample_data/access.log.gz"]


@pytest.mark.parametrize(
    "message", [{"open": 1}, {"piece": b"x", "turn": 0}, {"upload": {"name": 1}}, {"other": 2}, {}]
)
def test_messages_that_make_no_sense_change_nothing(message: dict[str, object]) -> None:
    chooser = SourceChooser()
    said = record(chooser, "value", "error", "progress")
    chooser.hear(message)
    assert said == []


# ---- uploads


def left() -> list[Path]:
    return sorted(path for path in upload_folder().rglob("*") if path.is_file())


def test_an_upload_comes_in_pieces_and_keeps_its_name(folders: Folders) -> None:
    chooser, before = SourceChooser(folders=folders), left()
    said, progress = record(chooser, "value"), record(chooser, "progress")
    chooser.hear({"upload": {"name": "my events (1).csv", "size": 5_000_000}})
    turn = chooser.__panel__().upload["turn"]
    for piece in (b"a" * 3_000_000, b"b" * 2_000_000):
        chooser.hear({"piece": piece, "turn": turn})
    path = Path(chooser.value)
    assert path.name == "my events (1).csv"
    assert path.read_bytes() == b"a" * 3_000_000 + b"b" * 2_000_000
    assert (said, progress) == ([str(path)], [0.0, 0.6, None])
    assert left() == sorted([*before, path])
    assert chooser.__panel__().path == ""  # what only this process can reach is no path to be typed
    with pytest.raises(SourceError, match="outside the folders"):  # nor to be opened by another page
        folders.resolve(str(path))


def test_the_progress_is_said_in_the_unit_of_the_whole() -> None:
    chooser = SourceChooser()
    chooser.hear({"upload": {"name": "a.csv", "size": 200_000_000}})
    chooser.hear({"piece": b"a" * 3_400_000, "turn": 1})
    assert chooser.__panel__().upload["said"] == "3 of 200 MB"
    chooser.cancel()


def test_a_cancelled_or_broken_upload_leaves_nothing() -> None:
    before, chooser = left(), SourceChooser()
    said = record(chooser, "value")
    chooser.hear({"upload": {"name": "a.csv", "size": 10}})
    chooser.hear({"piece": b"12345", "turn": 1})
    chooser.hear({"cancel": "a.csv cannot be read by the browser."})
    assert (chooser.progress, chooser.error) == (None, "a.csv cannot be read by the browser.")
    chooser.hear({"piece": b"67890", "turn": 1})  # was under way already
    chooser.hear({"upload": {"name": "b.csv", "size": 10}})
    chooser.hear({"piece": b"12345", "turn": 1})
    chooser.hear({"piece": b"more than was said", "turn": 2})
    assert chooser.error == "b.csv changed while it was sent. Upload it again."
    chooser.hear({"upload": {"name": "c.csv", "size": 10}})
    chooser.hear({"upload": {"name": "d.csv", "size": 10}})  # takes the place of the one before
    chooser.hear({"piece": b"1234567890", "turn": 4})
    assert [Path(path).name for path in said] == ["d.csv"]
    upload = Upload("gone.csv", 10)
    upload.take(b"12345")
    del upload  # its session has ended
    gc.collect()
    assert left() == sorted([*before, Path(said[0])])


@pytest.mark.parametrize(
    ("name", "size", "said"),
    [
        ("virus.exe", 10, "virus.exe is of no format that is known here."),
        ("events", 10, "events is of no format that is known here."),
        ("a.csv", 0, "a.csv is empty (0 bytes)."),
        ("a.csv", -1, "a.csv is empty (0 bytes)."),
        ("a.csv", 10**18, "a.csv is larger than the room left for uploads"),
    ],
)
def test_what_cannot_be_uploaded_is_refused_before_it_comes(name: str, size: int, said: str) -> None:
    chooser = SourceChooser()
    chooser.hear({"upload": {"name": name, "size": size}})
    assert said in chooser.error
    assert chooser.__panel__().upload == {}


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("events.csv.gz", "events.csv.gz"),
        ("../../../etc/cron.d/x.csv", "x.csv"),
        ("..\\..\\windows\\x.csv", "x.csv"),
        ("/abs/olute.csv", "olute.csv"),
        ("a\0b\n.csv", "a_b_.csv"),
        (f"{NASTY}.csv", "img src=x onerror=alert(1)_.csv"),
        (".hidden.csv", "hidden.csv"),
        ("~root.csv", "root.csv"),
        ("evil\u202evsc.exe", "evil_vsc.exe"),
        ("*.csv", "upload.csv"),
        ("événements 日本.csv", "événements 日本.csv"),
        ("", "upload"),
        ("..", "upload"),
        ("\ud800.csv.gz", "upload.csv.gz"),
        ("csv.csv", "csv.csv"),
    ],
)
def test_names_are_made_safe(name: str, safe: str) -> None:
    assert safe_name(name) == safe


def test_a_long_name_keeps_its_suffixes() -> None:
    safe = safe_name("日本" * 300 + ".csv.gz")
    assert safe.endswith(".csv.gz")
    assert LONGEST - 3 <= len(safe.encode()) <= LONGEST


# ---- the columns


def test_the_full_editor_edits_every_role() -> None:
    editor = ColumnsEditor(compact=False, value=Columns("user", "ts", "event"), names=["user", "ts", "event", "seq"])
    said = record(editor, "value")
    actor, time, event, order, zone, unit = editor._menus
    actor.value = ["user", "seq"]
    order.value = ["seq", "event"]
    zone.value = "Asia/Tokyo"
    unit.value = "milliseconds"
    event.value = "(none)"
    time.value = "seq"
    assert said[-1] == Columns(("user", "seq"), "seq", None, ("seq", "event"), "Asia/Tokyo", "milliseconds")
    assert len(said) == 6
    zone.value, unit.value = AS_IN_DATA, DETECTED
    assert said[-1] == Columns(("user", "seq"), "seq", None, ("seq", "event"))
    actor.value = []
    assert actor.value == ["user", "seq"]
    assert len(said) == 8


def test_the_full_editor_keeps_what_it_does_not_show_and_says_nothing_of_what_it_is_told() -> None:
    value = Columns("user", "ts", time_zone="Asia/Tokyo", drop_duplicates=True)
    editor = ColumnsEditor(compact=False, value=value, names=["user", "ts"], aware=False, numeric=False)
    said = record(editor, "value")
    assert (editor._zone.disabled, editor._unit.disabled, editor._zone.value) == (True, True, "Asia/Tokyo")
    editor.param.update(aware=True, numeric=True, names=["user", "ts", "other"])
    assert not editor._zone.disabled
    editor._event.value = "other"
    assert said == [value.replace(event="other")]


def test_the_compact_editor_keeps_what_it_does_not_show() -> None:
    value = Columns(("tenant", "user"), "ts", order=("seq",), unit="seconds", drop_duplicates=True)
    editor = ColumnsEditor(value=value, names=["tenant", "user", "ts", "event"])
    said = record(editor, "value")
    editor._event.value = "event"
    assert said == [value.replace(event="event")]


def test_the_table_shows_what_it_is_handed() -> None:
    table = ColumnsTable(value=(ColumnRow("user", "text", "1.0 %", ("a",), ("actor",)),))
    assert table.__panel__().rows == [
        {"name": "user", "kind": "text", "missing": "1.0 %", "examples": ["a"], "roles": ["actor"]}
    ]


def test_columns_are_described() -> None:
    rows = data_facts(explorer.connect(FRAME)).rows
    assert [(row.name, row.kind, row.missing, row.roles) for row in rows] == [
        ("user", "text", "", ("actor",)),
        ("ts", "time", "", ("time",)),
        ("event", "text", "25.0 %", ("event",)),
        ("seq", "number", "", ()),
        ("wait", "duration", "", ()),
    ]
    assert set(rows[0].examples) == {"a", NASTY}
    assert (rows[1].examples[0], rows[4].examples) == ("1 Mar 2024 10:00:00", ("1m 30s",))
    long = explorer.connect(FRAME.with_columns(event=pl.lit("x" * 5_000), seq=pl.lit(None, pl.Int64)))
    assert [len(text) for row in data_facts(long).rows for text in row.examples if row.name == "event"] == [81]
    assert [one.examples for one in described(long.event_table) if one.name == "seq"] == [()]


# ---- the doctor


def test_the_doctor_asks_for_a_mend_and_mends_nothing() -> None:
    found = (Finding("3 repeat.", "warning", "duplicates", "Leave out 3"), Finding("Fine.", "good"))
    doctor = Doctor(value=found)
    wanted, value = record(doctor, "wanted"), record(doctor, "value")
    doctor.hear({"wanted": "duplicates"})
    doctor.hear({"wanted": "duplicates"})
    doctor.hear({"wanted": "nothing of the kind"})
    assert (wanted, value) == (["duplicates", "duplicates"], [])
    assert doctor.__panel__().findings[0]["action"] == "Leave out 3"


def test_findings_say_all_that_is_known() -> None:
    visit = SessionDefinition(name="visit", inactivity="30m")
    facts = data_facts(explorer.connect(FRAME), definitions=[visit])
    assert [(one.sentence, one.tone, one.action) for one in facts.findings] == [
        ("4 of 5 rows are events. 1 row has no user. It is left out.", "warning", ""),
        ("1 event repeats an earlier one in every column.", "warning", "Leave out 1 repeated event"),
        ("2 events share user and ts with another. Such events stay in the order of the source.", "info", ""),
        ("Times carry no time zone and are taken as they are.", "info", ""),
        ("From 1 Mar 2024 10:00:00 to 1 Mar 2024 11:00:00, precision: one hour.", "good", ""),
        ("Times have a precision of one hour: they cannot show the inactivity of 30m of 'visit'.", "warning", ""),
        ("1 event comes earlier than the one before in the source. It is sorted by time.", "info", ""),
        ("1 actor has one event only (50.0 %).", "info", ""),
    ]
    mended = data_facts(explorer.connect(FRAME, drop_duplicates=True))
    assert [(one.sentence, one.tone) for one in mended.findings[:2]] == [
        ("3 of 5 rows are events. 1 row has no user. It is left out.", "warning"),
        ("1 event repeats an earlier one and is left out.", "good"),
    ]
    assert mended.findings[1].in_force


def test_findings_of_one_event() -> None:
    found = findings(Quality(rows=1, events=1, no_actor=0, no_time=0, actors=1, one_event_actors=1), Columns("a", "t"))
    assert found[0].sentence == "The only row is an event."
    assert found[-1] == Finding("1 actor has one event only (100.0 %). Is the actor the right column?", "warning")


# ---- all of it


def test_the_panel_hands_values_down_and_events_up(folders: Folders) -> None:
    engine = explorer.connect(FRAME)
    facts = data_facts(engine)
    panel = DataPanel(facts=facts, folders=folders)
    source, columns, wanted = (record(panel, name) for name in ("source", "columns", "wanted"))
    panel.chooser.hear({"open": "events.csv"})
    panel.editor._event.value = "(none)"
    assert columns == []  # first one sees what it does
    panel.preview.hear({"answer": "apply"})
    panel.doctor.hear({"wanted": "duplicates"})
    assert source == [str(folders.roots[0] / "events.csv")]
    assert columns == [facts.columns.replace(event=None)]
    assert wanted == ["duplicates"]

    analysis = first_analysis(facts.columns)
    mended = facts.mend("duplicates").applied(analysis)
    panel.facts = data_facts(engine.under(mended.columns))
    assert panel.editor.value == mended.columns
    assert panel.doctor.value[1].in_force
    assert (len(source), len(columns), len(wanted)) == (1, 1, 1)
    panel.facts = facts  # undone: what was asked for once can be asked for again
    panel.editor._event.value = "(none)"
    panel.preview.hear({"answer": "discard"})
    assert (panel.editor.value, panel.draft) == (facts.columns, None)
    panel.editor._event.value = "(none)"
    panel.preview.hear({"answer": "apply"})
    assert columns == [facts.columns.replace(event=None)] * 2


def test_the_panel_says_what_failed_and_what_goes_on(folders: Folders) -> None:
    panel = DataPanel(folders=folders)
    source = record(panel, "source")
    panel.chooser.hear({"open": "events.csv"})
    panel.param.update(busy="Reading events.csv")
    assert (panel.chooser.busy, panel.doctor.busy) == ("Reading events.csv", True)
    panel.param.update(busy="", error="No column holds times.", columns_error="columns.order: There is no column 'x'.")
    assert panel.chooser.error == "No column holds times."
    assert panel.notice.value.text == "columns.order: There is no column 'x'."
    panel.chooser.hear({"open": "events.csv"})
    assert source == [str(folders.roots[0] / "events.csv")] * 2
    assert panel.error == ""
    panel.facts = data_facts(explorer.connect(FRAME))
    assert panel.notice.value is None


def test_everything_that_is_assumed_can_be_changed_in_the_mapping():
    names = ["user", "ts", "date", "zip", "event_id"]
    editor = ColumnsEditor(compact=False, value=Columns("user", "ts", null_values=[{"user": "x"}]), names=names)
    editor._form.value = "%d"
    assert "does not tell year" in editor.error
    editor._form.value = "day first"
    editor._day.value = "date"
    editor._texts.value = ["zip"]
    editor._nothing.value = [("user", "x"), "NULL"]
    editor._unique.value = ["event_id"]
    assert editor.error == ""
    assert editor.value == Columns(
        "user",
        ["date", "ts"],
        time_format="day first",
        types={"zip": "text"},
        null_values=(("user", "x"), "NULL"),
        unique_by="event_id",
    )
    editor.value = Columns("user", "ts")
    assert (editor._form.value, editor._texts.value, editor._nothing.value) == ("", [], [])
