"""Only what lies in the allowed folders is opened, whatever is written."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from explorer.errors import SourceError
from explorer.events.files.folders import MOST, Folders, Suggestion, allowed


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """data/ is allowed, beside it lies what is not; more/ is allowed too."""
    home = tmp_path_factory.mktemp("home")
    for name in ("data/logs/a.csv", "data/logs/b.csv.gz", "data/events.parquet", "data/notes.pdf", "data/.hidden.csv"):
        path = home / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("user,ts\na,2024-03-01\n")
    for name in ("secret/secret.csv", "more/events.parquet", "more/other.csv", "uploads/x1/mine.csv"):
        path = home / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("user,ts\na,2024-03-01\n")
    (home / "data" / "out.csv").symlink_to(home / "secret" / "secret.csv")
    (home / "data" / "outside").symlink_to(home / "secret")
    (home / "data" / "circle.csv").symlink_to(home / "data" / "circle.csv")
    (home / "data" / "inside.csv").symlink_to(home / "data" / "logs" / "a.csv")
    (home / "data" / "mixed").mkdir()
    (home / "data" / "mixed" / "link.csv").symlink_to(home / "secret" / "secret.csv")
    return home


@pytest.fixture(scope="module")
def folders(home: Path) -> Folders:
    return Folders((home / "data", home / "more"), unlisted=(home / "uploads",))


OPENED = [
    ("events.parquet", "data/events.parquet"),
    ("  logs/a.csv ", "data/logs/a.csv"),
    ("logs/../events.parquet", "data/events.parquet"),
    ("other.csv", "more/other.csv"),
    ("HOME/more/events.parquet", "more/events.parquet"),
    ("logs/*.csv", "data/logs/*.csv"),
    ("logs/a.c[s]v", "data/logs/a.c[s]v"),
    ("inside.csv", "data/logs/a.csv"),
    ("logs", "data/logs"),
    ("o*r.csv", "more/o*r.csv"),
    ("HOME/uploads/x1/mine.csv", "uploads/x1/mine.csv"),
]


@pytest.mark.parametrize(("text", "path"), OPENED, ids=[text for text, _ in OPENED])
def test_what_is_allowed_is_opened(text: str, path: str, folders: Folders, home: Path):
    assert folders.resolve(text.replace("HOME", str(home))) == home.resolve() / path


OUTSIDE = "outside the folders that may be opened"
REFUSED = [
    ("", "Write the path"),
    ("   ", "Write the path"),
    ("../secret/secret.csv", OUTSIDE),
    ("logs/../../secret/secret.csv", OUTSIDE),
    ("HOME/secret/secret.csv", OUTSIDE),
    ("HOME/secret/nothing.csv", OUTSIDE),  # whether it is there is not said
    ("HOME/database.csv", OUTSIDE),
    ("/etc/passwd", OUTSIDE),
    ("/", OUTSIDE),
    ("~", OUTSIDE),
    ("~root/x.csv", OUTSIDE),
    ("~nobody-of-this-name/x.csv", "cannot be opened"),
    ("out.csv", OUTSIDE),
    ("outside/secret.csv", OUTSIDE),
    ("out*.csv", OUTSIDE),
    ("outside/*.csv", OUTSIDE),
    ("*/../../secret/*.csv", OUTSIDE),
    ("HOME/*/secret.csv", OUTSIDE),
    ("mixed", OUTSIDE),
    ("mixed/*.csv", OUTSIDE),
    ("HOME/uploads", OUTSIDE),
    ("HOME/uploads/x1", OUTSIDE),
    ("HOME/uploads/*/mine.csv", OUTSIDE),
    ("circle.csv", "cannot be opened"),
    ("a\0b.csv", "cannot be opened"),
    ("x" * 5000, "cannot be opened"),
    ("x/" * 5000, "cannot be opened"),
    ("\ud800.csv", "cannot be opened"),
    ("..\\secret\\secret.csv", "There is no file"),
    ("C:\\secret\\secret.csv", "There is no file"),
    ("\\\\server\\share\\x.csv", "There is no file"),
    ("nothing.csv", "There is no file"),
    ("file:///etc/passwd", "There is no file"),
    ("notes.pdf", "of no format that is known"),
    (".", "several formats"),
]


@pytest.mark.parametrize(("text", "said"), REFUSED, ids=[ascii(text[:30]) for text, _ in REFUSED])
def test_what_is_not_allowed_is_refused(text: str, said: str, folders: Folders, home: Path):
    with pytest.raises(SourceError) as error:
        folders.resolve(text.replace("HOME", str(home)))
    assert said in str(error.value)
    if said == OUTSIDE:
        assert str(home.resolve() / "data") in str(error.value)
        assert "uploads" not in str(error.value).replace(text.replace("HOME", str(home)), "")


PARTS = st.sampled_from(
    ["..", ".", "", "/", "~", "*", "**", "?", "[a]", "outside", "out.csv", "secret", "secret.csv", "data", "logs"]
    + ["a.csv", "events.parquet", "\\", "\0", " ", "mixed", "uploads", "x1"]
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=300)
@given(parts=st.lists(PARTS | st.text(max_size=3), max_size=6), absolute=st.booleans())
def test_nothing_written_leads_outside(parts: list[str], absolute: bool, folders: Folders, home: Path):
    text = (f"{home}/" if absolute else "") + "/".join(parts)
    secret = home.resolve() / "secret"
    try:
        path = folders.resolve(text)
    except SourceError:
        pass
    else:
        matched = [path] if path.exists() else list(path.parents[-1].glob(str(path.relative_to(path.anchor))))
        assert matched
        assert not any(one.resolve().is_relative_to(secret) for one in matched)
    for suggestion in folders.listing(text).suggestions:
        assert "secret" not in Path(suggestion.text).name


def texts(folders: Folders, text: str) -> list[str]:
    return [one.text for one in folders.listing(text).suggestions]


def test_suggestions(folders: Folders, home: Path):
    more = home.resolve() / "more"
    hidden = str(more / "events.parquet")  # the name alone means the one in the first folder
    assert texts(folders, "") == ["logs/", "mixed/", hidden, "events.parquet", "inside.csv", "other.csv"]
    assert folders.listing("EVENTS.p").suggestions[-1] == Suggestion("events.parquet", size=21)
    assert texts(folders, "lo") == ["logs/"]
    assert texts(folders, "logs/") == ["logs/a.csv", "logs/b.csv.gz"]
    assert texts(folders, "logs/b") == ["logs/b.csv.gz"]
    assert texts(folders, f"{more}/oth") == [f"{more}/other.csv"]
    assert texts(folders, str(more)[:-2]) == [f"{more}/"]
    for text in (
        "../",
        "/",
        "/etc/",
        "outside/",
        "mixed/",
        f"{home}/",
        f"{home}/uploads/",
        "\0",
        "x" * 5000,
        "~nobody/",
    ):
        assert [one for one in texts(folders, text) if not one.startswith(str(home.resolve()))] == []
        assert not any("uploads" in one or "secret" in one for one in texts(folders, text))


def test_every_suggestion_can_be_opened(folders: Folders):
    for one in folders.listing("").suggestions:
        if not one.is_folder:
            assert folders.resolve(one.text).is_file()


def test_a_long_list_says_how_much_is_left_out(tmp_path: Path):
    for n in range(MOST + 7):
        (tmp_path / f"{n:03}.csv").touch()
    listing = Folders((tmp_path,)).listing("")
    assert (len(listing.suggestions), listing.more) == (MOST, 7)


def test_no_folder_allows_nothing(tmp_path: Path):
    with pytest.raises(SourceError, match=r"may be opened: \(none\)"):
        Folders(()).resolve(str(tmp_path))
    assert Folders(()).listing("").suggestions == ()


def test_what_is_allowed_when_nothing_is_named(home: Path):
    data, sample = home.resolve() / "data", home / "more" / "other.csv"
    for place in ("data/events.parquet", "data", "data/*.parquet", "data/nothing.csv"):
        assert allowed(home / place).roots == (data,)
    assert allowed(home / "data" / "events.parquet", beside=sample).roots == (data, home.resolve() / "more")
    assert allowed(home / "more" / "other.csv", beside=sample).roots == (home.resolve() / "more",)
    assert allowed(home / "data" / "events.parquet", [home / "secret"], sample).roots == (home.resolve() / "secret",)
    with pytest.raises(SourceError, match="There is no folder"):
        allowed(home / "data", [home / "nowhere"])
