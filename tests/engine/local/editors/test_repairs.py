"""What the load doctor can mend: each mend changes something, and can be taken back."""

from datetime import UTC, datetime, timedelta

import polars as pl
import pytest

import explorer
from explorer.engine.answers.mend import Mend, with_, without
from explorer.engine.local.editors.repairs import mends
from explorer.engine.local.engine import LocalEngine
from explorer.events.quality.quality import too_fine
from explorer.spec.analysis import Analysis, first_analysis
from explorer.spec.expression.clause import parse
from explorer.spec.session import SessionDefinition

TEN = datetime(2024, 3, 1, 10)
SOON = datetime.now() + timedelta(days=2)
FRAME = pl.DataFrame(
    {
        "user": ["a", "a", "a", "a", "b", "b"],
        "ts": [TEN, TEN, TEN, TEN, TEN, SOON],
        "event": ["x", "y", "z", "z", "x", "x"],
        "seq": [2, 1, 3, 3, 1, 2],
    }
)


def offered(engine: LocalEngine, analysis: Analysis | None = None, **options: str) -> dict[str, Mend]:
    definitions = analysis.sessions if analysis else ()
    return {mend.key: mend for mend in mends(engine.event_table, engine.quality_report(), definitions, **options)}


def test_what_is_wrong_is_said_with_its_number():
    found = offered(explorer.connect(FRAME))
    assert {key: (mend.sentence, mend.action) for key, mend in found.items()} == {
        "duplicates": ("1 event repeats an earlier one in every column.", "Leave out 1 repeated event"),
        "ties": ("4 events share user and ts with another, out of the order of seq.", "Break ties by seq"),
        "future": ("1 event is later than now.", "Leave out 1 event later than now"),
    }


def test_nothing_is_offered_where_nothing_would_change():
    frame = FRAME.head(5).unique(maintain_order=True).sort("user", "ts", "seq")
    assert offered(explorer.connect(frame)) == {}
    assert offered(explorer.connect(frame.with_columns(seq=pl.lit(None, pl.Int64)))) == {}
    assert offered(explorer.connect(FRAME.head(3).with_columns(seq=pl.Series([2, 1, 1])))) == {}  # not a whole order


@pytest.mark.parametrize("key", ["duplicates", "ties", "future"])
def test_a_mend_is_part_of_the_document_and_can_be_taken_back(key: str):
    engine = explorer.connect(FRAME)
    before = first_analysis(engine.columns)
    mended = offered(engine, before)[key].applied(before)
    assert mended != before
    assert Analysis.from_yaml(mended.to_yaml()) == mended == Analysis.from_query(mended.to_query(before), before)
    under = engine.under(mended.columns)
    back = offered(under, mended)[key]
    assert back.in_force
    assert back.applied(mended) == before
    assert Analysis.from_query(before.to_query(mended), mended) == before
    assert engine.under(back.applied(mended).columns).quality == engine.quality


def test_mends_change_the_events():
    engine = explorer.connect(FRAME)
    analysis = first_analysis(engine.columns)
    for key in ("duplicates", "ties", "future"):
        analysis = offered(engine, analysis)[key].applied(analysis)
        engine = engine.under(analysis.columns)
    events = engine.events(analysis.sessions[0])
    assert events["event"].to_list() == ["y", "x", "z", "x"]
    assert engine.columns.drop_duplicates
    assert engine.columns.order == ("seq",)


def test_a_unit_that_makes_no_sense_is_mended():
    seconds = pl.DataFrame({"user": ["a", "a"], "ts": [1_700_000_000, 1_700_000_060]})
    engine = explorer.connect(seconds, time="ts", unit="microseconds")
    mend = offered(engine)["unit"]
    assert mend.action == "Read times as seconds"
    assert mend.sentence == "Times are numbers, read as microseconds since 1970, and so begin in 1970."
    assert mend.columns
    under = engine.under(mend.columns)
    assert under.quality.first == 1_700_000_000_000_000
    back = offered(under)["unit"]
    assert back.in_force
    assert back.columns == under.columns.replace(unit=None)
    assert "unit" not in offered(explorer.connect(seconds, time="ts"))


def test_times_are_shown_in_the_zone_that_the_source_or_the_analyst_lives_in():
    aware = pl.DataFrame({"user": ["a"], "ts": [TEN.replace(tzinfo=UTC)]})
    berlin = aware.with_columns(pl.col("ts").dt.convert_time_zone("Europe/Berlin"))
    assert offered(explorer.connect(berlin), zone="Asia/Tokyo")["zone"].action == "Show times in Europe/Berlin"
    found = offered(explorer.connect(aware), zone="Asia/Tokyo")["zone"]
    assert (found.sentence, found.action) == ("Times are shown in UTC.", "Show times in Asia/Tokyo")
    assert found.columns
    back = offered(explorer.connect(aware, time_zone="Asia/Tokyo"), zone="Asia/Tokyo")["zone"]
    assert back.in_force
    for zone in ("UTC", "", "<b>", "../../etc/passwd", "GMT"):
        assert "zone" not in offered(explorer.connect(aware), zone=zone)
    assert "zone" not in offered(explorer.connect(FRAME), zone="Asia/Tokyo")  # no zone to show them from


def test_later_than_now_is_left_out_of_every_definition_beside_what_they_ask_for():
    engine = explorer.connect(FRAME)
    first = first_analysis(engine.columns)
    other = SessionDefinition(name="other", inactivity="1h", where="event = 'x'")
    analysis = first.replace(sessions=(*first.sessions, other))
    mended = offered(engine, analysis)["future"].applied(analysis)
    cut = "ts <= '2024-03-01 10:00:00'"
    assert [str(one.where) for one in mended.sessions] == [cut, f"event = 'x' AND {cut}"]
    assert engine.count(mended.sessions[0].where) == 5
    assert offered(engine, mended)["future"].applied(mended) == analysis


def test_conditions_are_joined_once_and_parted_again():
    one, two = parse("a = 1 OR b = 2"), parse("c = 3")
    both = with_(one, two)
    assert str(both) == "(a = 1 OR b = 2) AND c = 3"
    assert with_(both, two) == both
    assert without(both, two) == one
    assert without(two, two) is None
    assert with_(None, two) == two


def test_an_inactivity_that_times_cannot_show_is_said():
    days = pl.DataFrame({"user": ["a", "a"], "day": ["2024-03-01", "2024-03-02"]})
    report = explorer.connect(days, time="day").quality_report()
    fine = SessionDefinition(name="visit", inactivity="30m")
    said = "Times have a precision of one day: they cannot show the inactivity of 30m of 'visit'."
    assert too_fine(report, [fine]) == [said]
    assert too_fine(report, [fine.replace(inactivity="1d")]) == []
