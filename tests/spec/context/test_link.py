"""Links to other tools: data are a part of an address, and never choose where it leads."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from urllib.parse import unquote, urlsplit

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from explorer.errors import SpecError
from explorer.plan.check import check
from explorer.plan.links import row_links
from explorer.spec.analysis import Analysis
from explorer.spec.columns import Columns
from explorer.spec.context.link import Link
from explorer.spec.session import SessionDefinition

COLUMNS = Columns("user", "ts")
VISIT = SessionDefinition("visit", "30m", metrics=[{"name": "bought", "aggregate": "any", "where": "event = 'buy'"}])


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("javascript:alert(1)//{session_id}", "does not begin with http:// or https://"),
        ("//replay.example/{session_id}", "does not begin with http:// or https://"),
        ("file:///etc/{session_id}", "does not begin with http:// or https://"),
        ("{session_id}", "does not begin with http:// or https://"),
        ("", "A link has an address such as"),
        ("https://{actor}.example.com/", "Data may not choose the host"),
        ("https://example.com{actor}/x", "Data may not choose the host"),
        ("https://example.com:{event_count}/x", "Data may not choose the host"),
        ("https:///{actor}", "It names no host"),
        ("https://me@{actor}", "Data may not choose the host"),
        ("https://good.example@evil.example/{actor}", "names no host, or a user of one"),
        ("https://good.example\\\\{actor}", "no spaces, quotes, angle brackets or backslashes"),
        ("https://good.example/\t{actor}", "no spaces, quotes, angle brackets or backslashes"),
        ('https://good.example/"{actor}', "no spaces, quotes, angle brackets or backslashes"),
        ("https://good.example/<{actor}>", "no spaces, quotes, angle brackets or backslashes"),
        ("https://good.example/{actor", "A brace stands alone"),
        ("https://good.example/{}", "is no column"),
        ("https://good.example/{start:years}", "is no column"),
        ("https://good.example/" + "x" * 2_000, "An address has at most 2,000"),
    ],
)
def test_an_address_that_could_lead_elsewhere_is_refused(url: str, said: str) -> None:
    with pytest.raises(SpecError, match="url: ") as error:
        Link("x", url)
    assert said in str(error.value)


VALUES = st.one_of(
    st.text(max_size=20),
    st.sampled_from(
        [
            "..",
            ".",
            "%2e%2e",
            "../..",
            "//evil.example",
            "\\\\evil",
            "?x=1#y",
            "&a=b",
            "<script>",
            '" onclick="',
            "javascript:x",
            "ümläut",
            "a b\n",
        ]
    ),
)


@given(
    VALUES,
    st.sampled_from(
        [
            "https://a.example/x/{v}/y",
            "https://a.example/{v}",
            "http://a.example?q={v}&z=1#{v}",
            "https://a.example/.{v}",
        ]
    ),
)
def test_whatever_the_data_are_scheme_host_and_folders_stay(value: str, url: str) -> None:
    link = Link("x", url)
    found = link.filled({"v": value})
    if found is None:
        assert value in ("", ".", "..")
        return
    one, template = urlsplit(found), urlsplit(url)
    assert (one.scheme, one.netloc) == (template.scheme, template.netloc)
    assert one.path.count("/") == template.path.count("/")
    assert found.isascii()
    assert not set(found) & set('"<>\\\\ \n\t')
    assert not {unquote(step) for step in one.path.split("/")} & {".", ".."}
    quoted = found[url.index("{v}") : len(found) - len(url.partition("{v}")[2])] if url.count("{v}") == 1 else None
    assert quoted is None or unquote(quoted) == value


def test_values_are_written_as_other_tools_read_them() -> None:
    start = datetime(2026, 3, 1, 10, 0, 0, 250_000)
    frame = pl.DataFrame(
        {
            "session_id": ["ann/1", "bob/1"], "user": ["ann", None], "start": [start, start],
            "duration": [timedelta(seconds=90), timedelta(seconds=1.5)], "bought": [True, None],
            "spent": [12.5, float("nan")],
        }
    )  # fmt: skip

    def of(url: str, frame: pl.DataFrame = frame) -> list[str]:
        return [url for row in row_links([Link("x", url)], frame, COLUMNS) for _, url in row]

    assert of("https://a.example/{start}") == ["https://a.example/2026-03-01T10%3A00%3A00.250000"] * 2
    aware = frame.with_columns(pl.col("start").dt.replace_time_zone("Europe/Berlin"))
    assert of("https://a.example/{start}", aware)[0] == "https://a.example/2026-03-01T09%3A00%3A00.250000Z"
    ms = int(start.replace(tzinfo=UTC).timestamp() * 1_000)
    assert of("https://a.example/{start:ms}/{start:s}")[0] == f"https://a.example/{ms}/{ms // 1_000}"
    assert of("https://a.example/{duration}/{duration:ms}")[1] == "https://a.example/1.5/1500"
    assert (
        of("https://a.example/{actor}") == of("https://a.example/{user}") == ["https://a.example/ann"]
    )  # bob has no name
    assert of("https://a.example/{bought}/{spent}") == ["https://a.example/true/12.5"]
    assert of("https://a.example/{platform}") == []


def test_a_link_that_names_what_no_session_has_is_a_problem_of_the_document() -> None:
    shop = {"user": pl.String(), "ts": pl.Datetime(), "event": pl.String()}
    good = Link("x", "https://a.example/{session_id}/{bought}/{user}")
    assert check(Analysis(COLUMNS, [VISIT], links=[good]), shop) == []
    (problem,) = check(Analysis(COLUMNS, [VISIT], links=[good, Link("y", "https://a.example/{purchase}")]), shop)
    assert str(problem).startswith("links[1].url: sessions have no column 'purchase'.")


def test_links_and_notes_stay_in_documents_and_addresses() -> None:
    notes = [
        {"at": "2026-03-01", "text": 'New <b>checkout</b>: it\'s & "quoted"'},
        {"at": "2026-03-01 12:30", "text": "a\nb"},
    ]
    analysis = Analysis(
        COLUMNS, [VISIT], links=[Link("x", "https://a.example/{session_id}?a={actor}&b=1")], annotations=notes
    )
    assert analysis.annotations[1].plain() == {"at": "2026-03-01 12:30:00", "text": "a b"}
    assert Analysis.from_yaml(analysis.to_yaml()) == Analysis.from_query(analysis.to_query()) == analysis
    assert "<b>" not in analysis.to_yaml(inside_html=True)
    said = "columns: {actor: user, time: ts}\nsessions: [{name: visit, inactivity: 30m}]\n"
    said += "annotations: [{at: 2026-03-01, text: x}]"
    assert Analysis.from_yaml(said).annotations[0].at == "2026-03-01"


@pytest.mark.parametrize(
    ("note", "said"),
    [
        ({"at": "soon", "text": "x"}, "annotations[0].at: 'soon' is not a time"),
        ({"at": "2026-13-01", "text": "x"}, "annotations[0].at: '2026-13-01' is not a time"),
        ({"at": "2026-03-01", "text": "  "}, "annotations[0].text: A note says what happened"),
        ({"at": "2026-03-01", "text": "x" * 201}, "annotations[0].text: It has 201 characters"),
        ({"at": "2026-03-01"}, "annotations[0]: Annotation needs 'text'"),
    ],
)
def test_what_is_no_note_is_refused(note: dict[str, str], said: str) -> None:
    with pytest.raises(SpecError) as error:
        Analysis(COLUMNS, [VISIT], annotations=[note])
    assert str(error.value).startswith(said)
