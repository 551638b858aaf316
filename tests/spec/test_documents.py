"""The gallery of analyses round-trips through YAML, JSON and links; bad documents say where, what and what instead."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from explorer.errors import SpecError
from explorer.spec import analysis as analyses
from explorer.spec.analysis import Analysis
from explorer.spec.columns import Columns
from explorer.spec.duration import Duration
from explorer.spec.session import SessionDefinition

ROOT = Path(__file__).parents[2]
GALLERY = [*sorted((ROOT / "tests" / "analyses").glob("*.yaml")), ROOT / "sample_data" / "shop.yaml"]
DESIGN = (ROOT / "tests" / "analyses" / "design.yaml").read_text()


@pytest.mark.parametrize("path", GALLERY, ids=lambda path: path.stem)
def test_round_trips(path: Path):
    analysis = Analysis.from_yaml(path.read_text())
    assert Analysis.from_yaml(analysis.to_yaml()) == analysis
    assert Analysis.from_json(analysis.to_json()) == analysis
    assert Analysis.from_query(analysis.to_query()) == analysis
    assert hash(analysis) == hash(Analysis.from_yaml(analysis.to_yaml()))


WORDS = st.text(st.characters(exclude_categories=["Cs"]), max_size=60)


@given(WORDS, WORDS)
def test_title_and_notes_are_any_text(title: str, notes: str):
    analysis = Analysis.from_yaml(DESIGN).replace(title=title, notes=notes)
    assert Analysis.from_yaml(analysis.to_yaml()) == analysis
    assert Analysis.from_yaml(analysis.to_yaml(inside_html=True)) == analysis
    assert Analysis.from_query(analysis.to_query()) == analysis


def test_notes_of_several_lines_are_a_block_behind_the_title():
    analysis = Analysis.from_yaml(DESIGN).replace(title="Shop", notes="# Found\n\n- much\n")
    assert analysis.to_yaml().startswith("version: 1\ntitle: Shop\nnotes: |\n  # Found\n\n  - much\nsource: ")


def test_a_title_that_is_no_text_is_refused():
    with pytest.raises(SpecError, match=r"title: 2024 is not a text. Put it in quotes."):
        Analysis.from_yaml(f"title: 2024\n{DESIGN}")


def test_a_link_says_only_what_differs():
    served = Analysis.from_yaml(DESIGN)
    changed = served.with_session(served.sessions[0].replace(inactivity="45m", restart=None))
    assert changed.to_query(served) == "sessions.0.inactivity=45m&sessions.0.restart="
    assert Analysis.from_query(changed.to_query(served), served) == changed


def test_a_link_is_whole_where_the_difference_does_not_tell():
    served = Analysis.from_yaml(DESIGN)
    shorter = served.replace(sessions=served.sessions[:1])
    assert Analysis.from_query(shorter.to_query(served), served) == shorter


REFUSED = [
    ("inactivity: 30m", "inactivity: 30", "sessions[0].inactivity: '30' has no unit. Write 30s, 30m, 30h or 30d."),
    ("inactivity: 30m", "gap: 30m", "sessions[0].gap: SessionDefinition has no field 'gap'."),
    (
        "aggregate: n_unique",
        "aggregate: nunique",
        "metrics[1].aggregate: 'nunique' is not known. Did you mean 'n_unique'?",
    ),
    ("event = 'login'", "event = ", "sessions[0].restart: `event =` cannot be read"),
    (
        "session: visit, of",
        "session: vist, of",
        "charts[0].session: There is no session definition 'vist'. Did you mean",
    ),
    ("nth: 2", "nth: 0", "sessions[0].metrics[2].scope.nth: 0 is not a place."),
    ("version: 1", "version: 2", "version: Version 2 cannot be read here."),
    ("name: web visit", "name: visit", "sessions[1].name: 'visit' is taken already."),
    ("{name: purchases, ", "{name: duration, ", "sessions[0].metrics[0].name: 'duration' is taken already."),
    ("  inactivity: 20m\n", "", "sessions[1]: SessionDefinition needs 'inactivity'."),
    ("kind: line", "kind: lyne", "charts[1].kind: 'lyne' is not known. Did you mean 'line'?"),
    ("sessions:", "sessions: [", "line "),
    (
        "columns: {",
        "columns: {unit: milisecond, ",
        "columns.unit: 'milisecond' is not known. Did you mean 'milliseconds'?",
    ),
    ("columns: {", "columns: {drop_duplicates: ture, ", "columns.drop_duplicates: 'ture' is neither true nor false."),
]


@pytest.mark.parametrize(("old", "new", "said"), REFUSED, ids=[new or old for old, new, _ in REFUSED])
def test_a_bad_document_says_where(old: str, new: str, said: str):
    assert old in DESIGN
    with pytest.raises(SpecError) as error:
        Analysis.from_yaml(DESIGN.replace(old, new, 1))
    assert said in str(error.value)


@pytest.mark.parametrize("text", ["", "x", "[1, 2]", "a: 1", "!!python/object/apply:os.system ['true']"])
def test_what_is_no_analysis_is_refused(text: str):
    with pytest.raises(SpecError):
        Analysis.from_yaml(text)


def test_an_older_version_is_brought_up_to_this_one(monkeypatch: pytest.MonkeyPatch):
    def from_gap(plain: dict) -> dict:
        sessions = [{"inactivity": old.pop("gap"), **old} for old in plain["sessions"]]
        return {**plain, "version": 1, "sessions": sessions}

    monkeypatch.setitem(analyses.UPGRADES, 0, from_gap)
    old = "{version: 0, columns: {actor: a, time: t}, sessions: [{name: visit, gap: 30m}]}"
    assert str(Analysis.from_yaml(old).sessions[0].inactivity) == "30m"
    assert Analysis.from_yaml(old).to_yaml().startswith("version: 1\n")


def test_how_a_source_is_read_survives_every_form():
    served = Analysis.from_yaml(DESIGN)
    read = served.replace(columns=served.columns.replace(unit="milliseconds", drop_duplicates=True))
    assert "unit: milliseconds, drop_duplicates: true}" in read.to_yaml()
    assert read.to_query(served) == "columns.unit=milliseconds&columns.drop_duplicates=true"
    for one, since in ((read, served), (served, read), (read, None)):
        assert Analysis.from_query(one.to_query(since), since) == one
    assert Analysis.from_json(read.to_json()) == read == Analysis.from_yaml(read.to_yaml())


@pytest.mark.parametrize("value", [True, "true", "True", " TRUE "])
def test_true_is_true_in_every_spelling(value: object):
    assert Columns(actor="a", time="t", drop_duplicates=value).drop_duplicates is True  # type: ignore[arg-type]


@pytest.mark.parametrize("value", [False, "false", "False", "", None])
def test_false_is_false_in_every_spelling(value: object):
    assert Columns(actor="a", time="t", drop_duplicates=value).drop_duplicates is False  # type: ignore[arg-type]


DURATIONS = [
    ("30m", 1_800_000_000, "30m"),
    ("1h 30m", 5_400_000_000, "1h 30m"),
    ("90 minutes", 5_400_000_000, "1h 30m"),
    ("2.5h", 9_000_000_000, "2h 30m"),
    ("52w", 31_449_600_000_000, "52w"),
    ("250ms", 250_000, "0.25s"),
    ("1m 1500ms", 61_500_000, "1m 1.5s"),
    ("1us", 1, "0.000001s"),
    (" 45M ", 2_700_000_000, "45m"),
]


@pytest.mark.parametrize(("text", "us", "canonical"), DURATIONS)
def test_durations(text: str, us: int, canonical: str):
    assert Duration.parse(text) == Duration(us)
    assert str(Duration(us)) == canonical


@pytest.mark.parametrize(
    "text", ["30", 30, 1.5, True, "", "m", "-5m", "30 parsecs", "1e3m", "0.5us", "99999999w", None]
)
def test_what_is_no_duration_is_refused(text: object):
    with pytest.raises(SpecError):
        Duration.parse(text)


def test_definitions_are_values():
    one = SessionDefinition(name="visit", inactivity="30m", restart="event = 'login'")
    other = SessionDefinition(name="visit", inactivity="1800s", restart="event='login'")
    assert one == other
    assert hash(one) == hash(other)
