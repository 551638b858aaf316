"""A path that exists is that file, whatever signs are in its name."""

from pathlib import Path

import polars as pl
import pytest

import explorer
from explorer.events.files.folders import Folders, allowed
from explorer.spec.session import SessionDefinition

VISIT = SessionDefinition("visit", "30m")
WRITERS = {
    "csv": pl.DataFrame.write_csv,
    "ndjson": pl.DataFrame.write_ndjson,
    "json": pl.DataFrame.write_json,
    "parquet": pl.DataFrame.write_parquet,
    "arrow": pl.DataFrame.write_ipc,
}


def events(user: str) -> pl.DataFrame:
    return pl.DataFrame({"user": [user], "ts": ["2024-03-01 10:00:00"]})


def users(source: Path) -> list[str]:
    return explorer.connect(source, actor="user", time="ts").actors(VISIT)["user"].to_list()


@pytest.mark.parametrize("kind", WRITERS)
@pytest.mark.parametrize(
    ("name", "neighbour"),
    [("log[1]", "log1"), ("wh?t", "what"), ("log*", "log2"), ("a[!b]c", "axc"), ("x{1,2}", "x1"), ("[", "b")],
)
def test_a_file_with_a_pattern_in_its_name_is_that_file(tmp_path: Path, kind: str, name: str, neighbour: str):
    file = tmp_path / f"{name}.{kind}"
    WRITERS[kind](events("this"), file)
    assert users(file) == ["this"]
    WRITERS[kind](events("another"), tmp_path / f"{neighbour}.{kind}")
    assert users(file) == ["this"]


@pytest.mark.parametrize("kind", WRITERS)
def test_a_folder_with_a_pattern_in_its_name_is_that_folder(tmp_path: Path, kind: str):
    for folder, user in (("d[1]", "this"), ("d1", "another")):
        (tmp_path / folder / "day=2024-03-01").mkdir(parents=True)
        WRITERS[kind](events(user), tmp_path / folder / "day=2024-03-01" / f"part*.{kind}")
        WRITERS[kind](events(user), tmp_path / folder / "day=2024-03-01" / f"part1.{kind}")
    assert users(tmp_path / "d[1]") == ["this"]
    assert users(tmp_path / "d[1]" / "day=2024-03-01" / f"part*.{kind}") == ["this"]


def test_what_does_not_exist_is_a_pattern(tmp_path: Path):
    for name in "ab":
        events(name).write_csv(tmp_path / f"{name}.csv")
    assert users(tmp_path / "[ab].csv") == ["a", "b"]


def test_only_the_folder_of_the_data_may_be_opened(tmp_path: Path):
    folder = tmp_path / "d[1]"
    folder.mkdir()
    events("a").write_csv(folder / "log[1].csv")
    assert allowed(folder / "log[1].csv").roots == (folder.resolve(),)
    assert allowed(folder).roots == (folder.resolve(),)
    assert Folders((folder,)).resolve("log[1].csv") == folder.resolve() / "log[1].csv"
