"""CSV in every dialect that people and programs write: what comes out, and what is said of it."""

import re
from pathlib import Path

import polars as pl
import pytest

import explorer
from explorer.cli import main
from explorer.errors import ExplorerError, SourceError
from explorer.events.files.scan import scanned
from explorer.spec.session import SessionDefinition

VISIT = SessionDefinition("visit", "30m")
HEAD = "user,ts,event,n"
ROWS = ["a,2024-03-01 10:00:00,view,1", "a,2024-03-01 10:05:00,buy,2", "b,2024-03-01 11:00:00,view,3"]
PLAIN = "\n".join([HEAD, *ROWS]) + "\n"
WANTED = pl.DataFrame(
    {
        "user": ["a", "a", "b"],
        "ts": ["2024-03-01 10:00:00", "2024-03-01 10:05:00", "2024-03-01 11:00:00"],
        "event": ["view", "buy", "view"],
        "n": [1, 2, 3],
    }
)


def numbered(first: int, quote: str = "") -> list[str]:
    return [f"{quote}{at}{quote},{row}" for at, row in enumerate(ROWS, first)]


# What is in the file, and words of what is said about it.
SAME = {
    "plain": (PLAIN, ()),
    "semicolon": (PLAIN.replace(",", ";"), ("Separator: semicolon",)),
    "tab": (PLAIN.replace(",", "\t"), ("Separator: tab",)),
    "bar": (PLAIN.replace(",", "|"), ("Separator: vertical bar",)),
    "sep": ("sep=;\n" + PLAIN.replace(",", ";"), ("Separator: semicolon",)),
    "quoted sep": ('"sep=|"\n' + PLAIN.replace(",", "|"), ("Separator: vertical bar",)),
    "comments": ("# made by a tool\n# on monday, with, commas, too\n" + PLAIN, ("Lines before the header: 2",)),
    "header in a comment": ("#" + PLAIN, ()),
    "title": ("Monthly report\nMarch, 2024\n\n" + PLAIN, ("Lines before the header: 2", "Monthly report")),
    "title of a sheet": ("Report,,,\n,,,\n" + PLAIN, ("Lines before the header: 2",)),
    "total": (PLAIN + "Total,,,6\n", ("Total or remark below the rows: 1 row, left out", "line 5", "Total,6")),
    "short total": (PLAIN + "\nSumme;;;\n", ("1 row, left out", "Summe")),
    "footer": (PLAIN + "(3 rows)\n", ("1 row, left out", "(3 rows)")),
    "spaces in the header": (PLAIN.replace(HEAD, "user, ts , event, n"), ()),
    "spaces everywhere": (PLAIN.replace(",", ", "), ()),
    "trailing commas": (PLAIN.replace("\n", ",\n"), ("Separators at the ends of lines",)),
    "trailing commas below": (
        PLAIN.replace("\n", ",\n").replace("n,\n", "n\n", 1),
        ("Separators at the ends of lines",),
    ),
    "a trailing comma above": (PLAIN.replace(HEAD, HEAD + ","), ()),
    "trailing commas here and there": (PLAIN.replace("buy,2", "buy,2,,"), ()),
    "carriage returns": (PLAIN.replace("\n", "\r"), ("carriage returns alone",)),
    "windows": (PLAIN.replace("\n", "\r\n"), ()),
    "blank lines": (PLAIN.replace("\n", "\n\n"), ()),
    "no line end": (PLAIN.rstrip("\n"), ()),
    "utf-16": (PLAIN.encode("utf-16"), ("Encoding: UTF-16",)),
    "utf-16 with tabs": (PLAIN.replace(",", "\t").encode("utf-16"), ("Encoding: UTF-16", "Separator: tab")),
    "utf-16 without a mark": (PLAIN.encode("utf-16-le"), ("Encoding: UTF-16",)),
    "big utf-16": (b"\xfe\xff" + PLAIN.encode("utf-16-be"), ("Encoding: UTF-16",)),
    "mark of utf-8": (PLAIN.encode("utf-8-sig"), ()),
    "header again": (PLAIN.replace("\nb,", f"\n{HEAD}\nb,"), ("Header that stands again: 1 row, left out", "line 4")),
    "single quotes": ("\n".join("'" + row.replace(",", "','") + "'" for row in [HEAD, *ROWS]), ("Quotes: single",)),
    "comments between": (PLAIN.replace("\nb,", "\n# restarted\nb,"), ("Comments between rows: 1 row, left out",)),
}


def made(tmp_path: Path, content: str | bytes, name: str = "events.csv") -> Path:
    path = tmp_path / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def opened(path: Path) -> tuple[pl.DataFrame, str]:
    source = scanned(path)
    frame = source.run(lambda lazy: lazy.collect())
    return frame, " ".join(one.sentence for one in source.how_read)


@pytest.mark.parametrize("name", SAME)
def test_the_same_rows_come_out(tmp_path: Path, name: str):
    content, said = SAME[name]
    frame, told = opened(made(tmp_path, content))
    assert frame.equals(WANTED)
    assert [word for word in said if word not in told] == []
    assert bool(said) == bool(told)


@pytest.mark.parametrize("suffix", [".csv", ".tsv", ".tab", ".txt", ".log", ".dat", ".csv.1", ""])
@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_the_suffix_tells_nothing(tmp_path: Path, suffix: str, separator: str):
    assert opened(made(tmp_path, PLAIN.replace(",", separator), f"part-00000{suffix}"))[0].equals(WANTED)


def test_the_same_sessions_come_out_by_file_frame_and_command(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    path = made(tmp_path, SAME["title"][0])
    wanted = explorer.connect(WANTED).sessions(VISIT)
    assert explorer.connect(path).sessions(VISIT).equals(wanted)
    out = tmp_path / "out.parquet"
    assert main(["sessionize", str(path), "-o", str(out)]) == 0
    assert pl.read_parquet(out)["event_count"].to_list() == wanted["event_count"].to_list() == [2, 1]
    assert main(["inspect", str(path)]) == 0
    assert "Lines before the header: 2, passed over (such as 'Monthly report')." in capsys.readouterr().out


# ---- numbers


NUMBERS = {
    "decimal comma": ("a;1,5\nb;\nc;-2\n", ";", [1.5, None, -2.0]),
    "decimal comma and thousands": ("a;1,5\nb;1.234,50\nc;12.000\n", ";", [1.5, 1234.5, 12000.0]),
    "thousands": ('a,"1,234.50"\nb,12.00\nc,"2,000,000"\n', ",", [1234.5, 12.0, 2000000.0]),
    "whole thousands": ('a,"1,000"\nb,"20"\nc,"2,000,000"\n', ",", [1000, 20, 2000000]),
    "quoted decimal comma": ('a,"1,5"\nb,"2,75"\nc,\n', ",", [1.5, 2.75, None]),
    "spaces between thousands": ("a;1 234,5\nb;2 000\nc;3\n", ";", [1234.5, 2000.0, 3.0]),
    "either": ("a;1,234\nb;2,345\nc;\n", ";", ["1,234", "2,345", None]),
    "plain": ("a,1.5\nb,2\nc,\n", ",", [1.5, 2.0, None]),
    "versions": ("a,1.2.3\nb,1.10.1\nc,\n", ",", ["1.2.3", "1.10.1", None]),
}


@pytest.mark.parametrize("name", NUMBERS)
def test_numbers_are_read_as_people_write_them(tmp_path: Path, name: str):
    rows, separator, wanted = NUMBERS[name]
    lines = [f"{row[0]}{separator}2024-03-01 10:00{row[1:]}" for row in rows.splitlines()]
    text = "\n".join([separator.join(("user", "ts", "amount")), *lines])
    assert opened(made(tmp_path, text))[0]["amount"].to_list() == wanted


def test_a_number_that_begins_with_a_zero_makes_text_wherever_it_stands(tmp_path: Path):
    text = "user,ts,zip\n" + "a,2024-03-01 10:00,99\n" * 30_000 + "a,2024-03-01 10:00,007\n"
    frame, told = opened(made(tmp_path, text))
    assert frame["zip"].unique().sort().to_list() == ["007", "99"]
    assert "Type of zip: text, since numbers in it begin with 0 (such as '007')." in told


def test_zeros_of_other_kinds_stay_numbers(tmp_path: Path):
    frame, told = opened(made(tmp_path, "user,ts,n,m\na,05.03.2024 10:00,0,0.5\nb,06.03.2024 09:00,10,-0.25\n"))
    assert (frame["n"].to_list(), frame["m"].to_list(), told) == ([0, 10], [0.5, -0.25], "")


# ---- encodings


ENCODED = [
    ("Käufe – “x”", "cp1252"),
    ("achetés à Noël", "latin-1"),
    ("informação", "latin-1"),
    ("покупка в магазине", "cp1251"),
    ("買い物をする人", "shift_jis"),
]


@pytest.mark.parametrize(("text", "codec"), ENCODED, ids=[codec + text[:3] for text, codec in ENCODED])
def test_other_encodings_are_found_and_said(tmp_path: Path, text: str, codec: str):
    frame, told = opened(made(tmp_path, PLAIN.replace("view", text).encode(codec)))
    assert frame["event"].to_list() == [text, "buy", text]
    assert "Encoding: " in told


def test_a_strange_sign_far_below_is_found(tmp_path: Path):
    text = "user,ts,n\n" + "a,2024-03-01 10:00,99\n" * 30_000 + "é,2024-03-01 10:00,1\n"
    frame, told = opened(made(tmp_path, text.encode("latin-1")))
    assert (frame["user"][-1], frame["n"].sum()) == ("é", 30_000 * 99 + 1)
    assert "Windows-1252" in told


def test_a_few_broken_bytes_spoil_nothing_else(tmp_path: Path):
    text = PLAIN.replace("view", "größer — schön").encode().replace(b"buy", b"b\xffy")
    frame, told = opened(made(tmp_path, text))
    assert frame["event"].to_list() == ["größer — schön", "b\ufffdy", "größer — schön"]
    assert "but for a few bytes" in told


# ---- rows and headers


def test_ragged_rows_are_counted_with_examples(tmp_path: Path):
    odd = "c,2024-03-01 10:00:00\nc,2024-03-01 10:10:00,view,4,more\nc,2024-03-01 10:11:00,view,x,more\n"
    frame, told = opened(made(tmp_path, PLAIN + odd))
    assert frame[3:].rows() == [("c", "2024-03-01 10:00:00", None, None), ("c", "2024-03-01 10:10:00", "view", 4)]
    assert "Rows with fewer fields: 1 row, the others are empty (such as line 5: 'c,2024-03-01 10:00:00')." in told
    assert "Rows with more fields: 1 row, those behind the first 4 are dropped (such as line 6:" in told
    assert "Rows with more fields that do not fit: 1 row, left out (such as line 7:" in told


def test_ragged_rows_far_below_are_counted(tmp_path: Path):
    text = "user,ts,n\n" + "a,2024-03-01 10:00,99\n" * 30_000 + "a,2024-03-01 10:00\na,2024-03-01 10:00,1,2\n"
    frame, told = opened(made(tmp_path, text))
    assert (frame.height, frame["n"].dtype) == (30_002, pl.Int64)
    assert "line 30002" in told
    assert "line 30003" in told


def test_backslashes_before_quotes(tmp_path: Path):
    text = 'user,ts,event,n\na,2024-03-01 10:00:00,"he said \\"hi\\", ok",1\nb,2024-03-01 11:00:00,\\N,2\n'
    frame, told = opened(made(tmp_path, text))
    assert frame["event"].to_list() == ['he said "hi", ok', None]
    assert "with a backslash" in told


def test_texts_of_several_lines(tmp_path: Path):
    text = 'user,ts,note\na,2024-03-01 10:00,"one\ntwo, three"\nb,2024-03-01 10:00,"say ""so"""\n'
    frame, told = opened(made(tmp_path, text))
    assert (frame["note"].to_list(), told) == (["one\ntwo, three", 'say "so"'], "")


@pytest.mark.parametrize("between", [0, 40])
def test_a_quote_that_is_never_closed_swallows_no_rows(tmp_path: Path, between: int):
    rows = "b,2024-03-01 10:00,2\n" * between
    text = f'user,ts,n\na,2024-03-01 10:00,"oops\n{rows}c,2024-03-01 10:00,3\n'
    frame, told = opened(made(tmp_path, text))
    assert (frame.height, frame["user"][-1]) == (between + 2, "c")
    assert "Quotes that are never closed: 1 row" in told
    assert "line 2" in told


def test_quotes_within_a_text(tmp_path: Path):
    frame, _ = opened(made(tmp_path, PLAIN.replace("buy", '5" nail')))
    assert frame["event"].to_list() == ["view", '5" nail', "view"]


def test_no_header_is_seen(tmp_path: Path):
    frame, told = opened(made(tmp_path, "\n".join(ROWS)))
    assert frame.equals(WANTED.rename(dict(zip(WANTED.columns, [f"column_{at}" for at in range(1, 5)], strict=True))))
    assert "Header: none" in told
    log = explorer.connect(tmp_path / "events.csv", actor="column_1", time="column_2")
    assert log.sessions(VISIT)["event_count"].to_list() == [2, 1]


@pytest.mark.parametrize("first", [0, 1])
@pytest.mark.parametrize("head", ["," + HEAD, '"",' + HEAD, HEAD], ids=["pandas", "quoted", "R"])
def test_a_column_of_row_numbers_is_called_index(tmp_path: Path, head: str, first: int):
    frame, told = opened(made(tmp_path, "\n".join([head, *numbered(first, '"' if head == HEAD else "")])))
    assert frame.drop("index").equals(WANTED)
    assert frame["index"].to_list() == [first, first + 1, first + 2]
    assert "is called index" in told


@pytest.mark.parametrize(
    ("head", "names"),
    [
        ("user,ts,event,event", ["user", "ts", "event", "event_2"]),
        ("user,ts,event,event,event_2", ["user", "ts", "event", "event_3", "event_2"]),
        ("user,ts,user,user", ["user", "ts", "user_2", "user_3"]),
        ("user,ts, user,user ", ["user", "ts", "user_2", "user_3"]),
        ("user,ts,,x,", ["user", "ts", "column_3", "x", "column_5"]),
    ],
)
def test_names_that_clash(tmp_path: Path, head: str, names: list[str]):
    row = ",".join(["a", "2024-03-01 10:00", "x", "y", "z"][: head.count(",") + 1])
    assert opened(made(tmp_path, f"{head}\n{row}\n"))[0].columns == names


def test_what_is_empty_says_so(tmp_path: Path):
    for content, said in (
        ("user,ts\n", "no rows"),
        ("# only\n# comments\n", "only comments"),
        ("\n\n", "comments or blank"),
    ):
        with pytest.raises(SourceError, match=said):
            explorer.connect(made(tmp_path, content))


def test_files_of_several_dialects_are_one(tmp_path: Path):
    folder = tmp_path / "logs"
    folder.mkdir()
    made(folder, PLAIN, "1.csv")
    made(folder, PLAIN.replace(",", ";"), "2.csv")
    made(folder, PLAIN.encode("utf-16"), "3.csv")
    frame, told = opened(folder)
    assert frame.equals(pl.concat([WANTED] * 3))
    assert "Separator: semicolon, in 2.csv." in told
    assert "Encoding: UTF-16, in 3.csv." in told


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (PLAIN.replace(",", "~"), {"separator": "~"}),
        (PLAIN.replace(",", " ").replace("-01 ", "-01T"), {"separator": "space"}),
        ("a,b\nc,d\n" + PLAIN, {"skip_lines": "2"}),
        (PLAIN.replace("\n", ";x\n", 1).replace(",", ";"), {"separator": "semicolon"}),
    ],
)
def test_how_a_file_is_written_can_be_said(tmp_path: Path, content: str, said: dict[str, str]):
    log = explorer.connect(made(tmp_path, content), actor="user", time="ts", format=said)
    assert log.quality.events == 3
    assert log.event_table.frame["event"].cast(pl.String).to_list() == ["view", "buy", "view"]
    flags = [part for name, value in said.items() for part in ("--format", f"{name}={value}")]
    assert main(["inspect", str(made(tmp_path, content)), "--actor", "user", "--time", "ts", *flags]) == 0


def test_the_decimal_sign_and_the_missing_header_can_be_said(tmp_path: Path):
    path = made(tmp_path, "user;ts;n\na;2024-03-01 10:00;1.234\nb;2024-03-01 10:01;5.678\n")
    assert explorer.connect(path).event_table.frame["n"].to_list() == [1.234, 5.678]
    assert explorer.connect(path, format={"decimal": "comma"}).event_table.frame["n"].to_list() == [1234, 5678]
    log = explorer.connect(path, actor="column_1", time="column_2", format={"header": False})
    assert (log.quality.rows, log.quality.events) == (3, 2)


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ({"separator": "ab"}, "'ab' is no separator. Write one sign, or a word: comma"),
        ({"encoding": "utf-88"}, "'utf-88' is no encoding that is known here"),
        ({"encoding": "base64"}, "'base64' is no encoding that is known here"),
        ({"skip_lines": "x"}, "'x' is no number of lines"),
        ({"header": "perhaps"}, "'perhaps' is not known"),
        ({"skip_lines": 99}, "There are no rows behind 99 lines"),
        ({"sep": ","}, "has no field 'sep'"),
    ],
)
def test_what_cannot_be_said_of_a_file_is_refused(tmp_path: Path, said: dict[str, object], why: str):
    with pytest.raises(ExplorerError, match=re.escape(why)):
        explorer.connect(made(tmp_path, PLAIN), format=said)


def test_there_is_nothing_to_say_of_files_that_know_their_columns(tmp_path: Path):
    WANTED.write_parquet(tmp_path / "events.parquet")
    for source in (tmp_path / "events.parquet", WANTED):
        with pytest.raises(SourceError, match="there is no separator to say"):
            explorer.connect(source, format={"separator": ","})


def test_the_very_first_field_of_the_data_may_begin_with_a_zero(tmp_path: Path):
    path = made(tmp_path, "zip,user,ts\n007,a,2024-03-01 10:00\n8,b,2024-03-01 10:01\n")
    assert opened(path)[0]["zip"].to_list() == ["007", "8"]


def test_the_very_last_field_of_a_file_may_begin_with_a_zero(tmp_path: Path):
    path = made(tmp_path, "user,ts,zip\na,2024-03-01 10:00,8\nb,2024-03-01 10:01,007")
    assert opened(path)[0]["zip"].to_list() == ["8", "007"]
