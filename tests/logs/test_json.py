"""JSON in every form that programs export it in."""

import gzip
import json
from pathlib import Path

import polars as pl
import pytest

import explorer
from explorer.errors import SourceError
from explorer.events.files.scan import scanned
from explorer.spec.session import SessionDefinition

VISIT = SessionDefinition("visit", "30m")
ROWS = [
    {"user": "a", "ts": "2024-03-01 10:00:00", "event": "view"},
    {"user": "a", "ts": "2024-03-01 10:05:00", "event": "buy"},
    {"user": "b", "ts": "2024-03-01 11:00:00", "event": "view"},
]
LINES = "".join(json.dumps(row) + "\n" for row in ROWS)
COLUMNS = {name: [row[name] for row in ROWS] for name in ROWS[0]}
SAME = {
    "lines.json": LINES,
    "lines.ndjson": LINES,
    "array.json": json.dumps(ROWS),
    "pretty.json": json.dumps(ROWS, indent=2),
    "glued.json": "".join(map(json.dumps, ROWS)),
    "pretty and glued.json": "\n".join(json.dumps(row, indent=2) for row in ROWS),
    "two arrays.json": json.dumps(ROWS[:2]) + "\n" + json.dumps(ROWS[2:]),
    "Records.json": json.dumps({"Records": ROWS}),
    "Records in lines.json": "\n".join(json.dumps({"Records": [row]}) for row in ROWS),
    "data.json": json.dumps({"data": ROWS, "total": 3, "next": None}, indent=1),
    "within.json": json.dumps({"response": {"data": {"events": ROWS}}}),
    "split.json": json.dumps(
        {"columns": list(ROWS[0]), "index": [0, 1, 2], "data": [list(row.values()) for row in ROWS]}
    ),
    "columns.json": json.dumps({name: {str(at): one for at, one in enumerate(some)} for name, some in COLUMNS.items()}),
    "lists.json": json.dumps(COLUMNS),
    "arrays.json": json.dumps([list(ROWS[0]), *(list(row.values()) for row in ROWS)]),
    "separated.json": "".join("\x1e" + json.dumps(row) + "\n" for row in ROWS),
    "blank lines.json": LINES.replace("\n", "\n\n"),
    "windows.log": LINES.replace("\n", "\r\n"),
}


def made(tmp_path: Path, content: str | bytes, name: str = "events.json") -> Path:
    path = tmp_path / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def opened(path: Path) -> tuple[pl.DataFrame, str]:
    source = scanned(path)
    frame = source.run(lambda lazy: lazy.collect())
    return frame, " ".join(one.sentence for one in source.how_read)


@pytest.mark.parametrize("name", SAME)
@pytest.mark.parametrize("pack", [str.encode, lambda text: gzip.compress(text.encode())], ids=["plain", "gz"])
def test_the_same_rows_come_out(tmp_path: Path, name: str, pack: object):
    content = pack(SAME[name])  # type: ignore[operator]
    frame, _ = opened(made(tmp_path, content, name + (".gz" if content[:1] == b"\x1f" else "")))
    assert frame.equals(pl.DataFrame(ROWS))


@pytest.mark.parametrize("codec", ["utf-8-sig", "utf-16", "utf-16-le"])
def test_json_in_other_encodings(tmp_path: Path, codec: str):
    assert opened(made(tmp_path, LINES.encode(codec)))[0].equals(pl.DataFrame(ROWS))


def test_what_stands_beside_the_records_is_kept(tmp_path: Path):
    content = json.dumps({"user_id": "u1", "events": [{"ts": row["ts"], "event": row["event"]} for row in ROWS]})
    frame, told = opened(made(tmp_path, content))
    assert frame["user_id"].to_list() == ["u1"] * 3
    assert "Records: taken from 'events'." in told


def test_an_order_with_items_is_one_event(tmp_path: Path):
    order = {"user": "a", "ts": "2024-03-01 10:00:00", "items": [{"sku": "x", "n": 1}, {"sku": "y", "n": 2}]}
    for content in (json.dumps(order), json.dumps(order) + "\n" + json.dumps(order)):
        frame, _ = opened(made(tmp_path, content))
        assert frame["user"].to_list() == ["a"] * frame.height
        assert frame["items"].dtype == pl.List


RECORD = {
    "event": "view",
    "properties": {"distinct_id": "d1", "time": 1_709_287_200, "geo": {"city": "Bern"}},
    "userIdentity": {"arn": "arn:1"},
}


def test_records_become_dotted_columns_that_are_usable_as_roles(tmp_path: Path):
    log = explorer.connect(
        made(tmp_path, json.dumps(RECORD) + "\n" + json.dumps(RECORD)),
        actor="properties.distinct_id",
        time="properties.time",
        event="userIdentity.arn",
    )
    assert log.sessions(VISIT)["event_count"].to_list() == [2]
    assert log.events(VISIT)["properties.geo.city"].to_list() == ["Bern", "Bern"]
    visit = SessionDefinition("visit", "30m", where="\"properties.geo.city\" = 'Bern'")
    assert log.sessions(visit).height == 1


@pytest.mark.parametrize("kind", ["parquet", "arrow", "frame", "lazy", "ndjson"])
def test_records_of_any_source_are_opened(tmp_path: Path, kind: str):
    frame = pl.DataFrame([RECORD, RECORD])
    path = tmp_path / f"events.{kind}"
    source = {
        "parquet": lambda: frame.write_parquet(path),
        "arrow": lambda: frame.write_ipc(path),
        "ndjson": lambda: frame.write_ndjson(path),
    }.get(kind, lambda: None)()
    source = {"frame": frame, "lazy": frame.lazy()}.get(kind, path)
    log = explorer.connect(source, actor="properties.distinct_id", time="properties.time")
    assert log.sessions(VISIT)["event_count"].to_list() == [2]
    assert "userIdentity.arn" in log.schema


def params(**values: object) -> list[dict[str, object]]:
    kinds = {str: "string_value", int: "int_value", float: "double_value"}
    empty = dict.fromkeys(("string_value", "int_value", "float_value", "double_value"))
    return [{"key": key, "value": empty | {kinds[type(value)]: value}} for key, value in values.items()]


@pytest.mark.parametrize("kind", ["ndjson", "parquet"])
def test_key_and_value_lists_become_columns(tmp_path: Path, kind: str):
    rows = [
        {"user": "a", "ts": 1_709_287_200, "event_params": params(page_location="/x", ga_session_id=17, score=1.5)},
        {"user": "a", "ts": 1_709_287_260, "event_params": params(page_location="/y", ga_session_id=17)},
    ]
    path = tmp_path / f"events.{kind}"
    getattr(pl.DataFrame(rows), f"write_{kind}")(path)
    frame, _ = opened(path)
    assert frame["event_params.page_location"].to_list() == ["/x", "/y"]
    assert frame["event_params.ga_session_id"].to_list() == [17, 17]
    assert frame["event_params.score"].to_list() == [1.5, None]


def test_attributes_of_telemetry(tmp_path: Path):
    rows = [
        {"ts": 1, "attributes": [{"key": "http.method", "value": {"stringValue": "GET"}}]},
        {"ts": 2, "attributes": [{"key": "n", "value": {"intValue": "3"}}]},
    ]
    frame, _ = opened(made(tmp_path, "\n".join(map(json.dumps, rows))))
    assert frame.select("attributes.http.method", "attributes.n").rows() == [("GET", None), (None, 3)]


def test_mixed_kinds_lose_nothing(tmp_path: Path):
    rows = '{"u":1,"v":{"a":1}}\n{"u":"x","v":3}\n{"u":2.5,"v":[1,"x"]}\n{"u":true,"v":null}\n'
    frame, told = opened(made(tmp_path, rows))
    assert frame["u"].to_list() == ["1", "x", "2.5", "true"]
    assert frame["v"].to_list() == [None, "3", '[1, "x"]', None]
    assert frame["v.a"].to_list() == [1, None, None, None]
    assert "kept as text" in told


def test_large_ids_stay_right(tmp_path: Path):
    rows = '{"user":12345678901234567890,"ts":"2024-03-01"}\n{"user":9007199254740993,"ts":"2024-03-01"}\n'
    log = explorer.connect(made(tmp_path, rows))
    assert log.actors(VISIT)["user"].cast(pl.String).sort().to_list() == ["12345678901234567890", "9007199254740993"]


@pytest.mark.parametrize("odd", ['{"user":"c","ts":\n', '{"user":"c","ts":"2024', "oops\n"])
def test_lines_that_are_no_json_are_counted(tmp_path: Path, odd: str):
    frame, told = opened(made(tmp_path, LINES + odd))
    assert frame.equals(pl.DataFrame(ROWS))
    assert "Text that is no JSON: 1 piece, left out (such as line 4:" in told


def test_json_without_records_is_refused(tmp_path: Path):
    for content, said in (("[]", "holds no records"), ("{bad}", "events.json"), ('{"a": 1', "events.json")):
        with pytest.raises(SourceError, match=said):
            explorer.connect(made(tmp_path, content), actor="user", time="ts")


def test_a_column_of_json_text_can_be_opened(tmp_path: Path):
    text = 'user,ts,payload\na,2024-03-01 10:00,"{""page"": ""/x"", ""n"": 1}"\na,2024-03-01 10:01,\n'
    path = made(tmp_path, text, "events.csv")
    log = explorer.connect(path)
    assert "Column payload: JSON text" in " ".join(one.sentence for one in log.quality.how_read)
    opened_up = explorer.connect(path, types={"payload": "json"}, event="payload.page")
    assert opened_up.events(VISIT)["payload.page"].to_list() == ["/x", None]
    assert opened_up.events(VISIT)["payload.n"].to_list() == [1, None]
    with pytest.raises(SourceError, match="Column 'user' is no JSON text"):
        explorer.connect(path, types={"user": "json"})
