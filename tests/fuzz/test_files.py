"""The beginnings of files, and texts that may be times."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest
from hypothesis import strategies as st

import explorer
from explorer.spec.session import SessionDefinition
from tests.fuzz.fuzzing import fuzz, pieces, spoiled

pytestmark = pytest.mark.slow

VISIT = SessionDefinition("visit", "30m")
GOOD = [
    "user,ts,event,amount\na,2024-03-01 10:00:00,view,1.5\nb,2024-03-01 10:05:00,buy,2\n" * 2,
    'user;ts;event\n"a;b";01.03.2024 10:00;view\n"c";13.03.2024 10:00;"say ""no"""\n',
    "sep=;\nuser;ts\na;1709287200\nb;1709287300\n",
    "# made today\nuser\tts\na\t2024-03-01T10:00:00Z\nb\t2024-03-01T10:00:00+02:00\n",
    '127.0.0.1 - - [10/Oct/2000:13:55:36 -0700] "GET /a HTTP/1.0" 200 2326\n' * 3,
    '{"user": "a", "ts": "2024-03-01T10:00:00Z", "p": {"x": 1}}\n{"user": "b", "ts": 1709287200, "p": null}\n',
    '[{"user": "a", "ts": "2024-03-01"}, {"user": "b", "ts": "2024-03-02"}]',
]
INSIDE = (
    *("\n", "\r", "\r\n", ",", ";", "\t", "|", '"', "'", "\\"),
    *("#", "=", "{", "}", "[", "]", ":", "\0", "\ufeff", " "),
    *(
        "user",
        "ts",
        "@actor",
        "@time",
        "2024-03-01 10:00",
        "1e309",
        "-1",
        "NaN",
        "null",
        "9" * 25,
        "é",
        "²",
        "",
        "*",
        "^.*$",
    ),
)
NAMES = ["f.csv", "f.tsv", "f.txt", "f.json", "f.ndjson", "f.log", "f.parquet", "f.csv.gz", "f.zip"]


def test_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SESSION_EXPLORER_CACHE", "")
    monkeypatch.chdir(tmp_path)
    encodings = st.sampled_from(["utf-8", "utf-8", "utf-16", "latin-1", "utf-8-sig", "cp1252"])
    texts = st.one_of(spoiled(st.sampled_from(GOOD), pieces(*INSIDE)), pieces(*INSIDE))
    content = st.one_of(
        st.tuples(texts, encodings).map(lambda said: said[0].encode(said[1], "replace")), st.binary(max_size=200)
    )

    def read(said: tuple[str, bytes]) -> None:
        name, data = said
        path = Path(name)
        path.write_bytes(data)
        engine = explorer.connect(path)
        engine.sessions(VISIT)
        engine.quality_report().sentence(engine.columns)

    assert fuzz(st.tuples(st.sampled_from(NAMES), content), read)


def test_times() -> None:
    parts = (
        *(
            "2024",
            "-",
            "/",
            ".",
            "03",
            "1",
            "13",
            "31",
            " ",
            "T",
            "10",
            ":",
            "00",
            "59",
            "60",
            "24",
            ",",
            "123",
            "Z",
            "+02:00",
        ),
        *(
            "AM",
            "p.m.",
            "Mar",
            "March",
            "März",
            "Fri, ",
            "GMT",
            "CET",
            "1709287200",
            "1709287200000",
            "45352.5",
            "0",
            "-1",
        ),
        *("999999999999999999999", "1e12", "null", "", "²", "\u202f", "٢٠٢٤", "0000-00-00", "9999-12-31"),
    )
    good = ["2024-03-01 10:00:00", "03/09/2024 5:01 PM", "01.03.24 10:00", "10/Oct/2000:13:55:36 -0700", "1709287200"]
    texts = st.one_of(st.none(), st.sampled_from(good), spoiled(st.sampled_from(good), pieces(*parts)), pieces(*parts))
    numbers = st.one_of(st.integers(-(2**63), 2**63 - 1), st.sampled_from([0, -1, 20240301, 20240301100000]))
    columns = st.one_of(
        st.lists(texts, min_size=1, max_size=6).map(lambda found: pl.Series("ts", found, dtype=pl.String)),
        st.lists(numbers, min_size=1, max_size=6).map(lambda found: pl.Series("ts", found, dtype=pl.Int64)),
        st.lists(st.floats(), min_size=1, max_size=6).map(lambda found: pl.Series("ts", found, dtype=pl.Float64)),
    )

    def read(times: pl.Series) -> None:
        frame = pl.DataFrame({"user": ["a"] * len(times), "ts": times})
        engine = explorer.connect(frame, actor="user", time="ts")
        engine.sessions(VISIT)
        engine.quality_report().sentence(engine.columns)

    assert fuzz(columns, read)
