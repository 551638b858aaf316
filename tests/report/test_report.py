"""The report as a file: what is in it, what cannot get into it, and what it says where something is wrong."""

from __future__ import annotations

import io
import re
import time
from contextlib import redirect_stdout
from datetime import timedelta
from html.parser import HTMLParser
from pathlib import Path

import numpy as np
import panel  # noqa: F401  what it tells Bokeh must not get into the file
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

import explorer
from explorer.crossfilter.formats import count_text
from explorer.crossfilter.selections.brushes import Range
from explorer.crossfilter.selections.selection import Selection
from explorer.engine.local.coded.coded_cache import coded
from explorer.errors import SourceError, SpecError
from explorer.report import html, page, read_back, report
from explorer.report.embedded import embedded
from explorer.report.notes import notes_html
from explorer.report.page import linked
from explorer.report.tables import top_sessions
from explorer.spec.analysis import Analysis
from explorer.spec.session import SessionDefinition
from tests.report.made_up import HOSTILE, analysis, log

pytestmark = pytest.mark.slow

DATA_SCRIPTS = {"application/yaml", "application/json", "text/plain"}


class Elements(HTMLParser):
    """Every element of a page with its attributes, and the text of everything outside scripts and styles."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[str] = []
        self._inside = ""
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))
        self._inside = tag

    def handle_data(self, data: str) -> None:
        if self._inside not in ("script", "style"):
            self.texts.append(data)

    def handle_endtag(self, tag: str) -> None:
        self._inside = ""


def test_everything_is_in_it(tmp_path: Path):
    engine = log()
    document = analysis(engine)
    path = report(engine, document, tmp_path / "out.html")
    text = path.read_text(encoding="utf-8")
    assert read_back(text) == document
    said = " ".join(" ".join(Elements(text).texts).split())
    numbers = coded(engine.session_table(document.sessions[0])).numbers(Selection())
    for wanted in (
        "plain", "visit", "short visit", "A session is consecutive events of one user, at most 30m apart.",
        count_text(numbers.sessions), count_text(numbers.actors), count_text(numbers.events), "No row was left out.",
        "spent: sum of amount.", "Median duration by platform, per week",
        "Sessions by hour of start and weekday of start",
        "This chart cannot be drawn. by[0]: there is no column 'no such column <b>' to group by.", "Europe/Berlin",
        "analysis = read_back(Path('out.html')", "FROM events",
    ):  # fmt: skip
        assert wanted in said, wanted


def test_the_table_behind_every_linked_chart_is_what_numpy_counts():
    engine = log()
    document = analysis(engine)
    text = html(engine, document)
    picture, brushed, _ = linked(engine, document.sessions[0], document.charts[:-2])
    crossfilter = picture.crossfilter
    behind = re.findall(r'data-chart="(\w+)".*?<tbody>(.*?)</tbody>', text, re.DOTALL)
    assert [name for name, _ in behind] == [card.dimension for card in brushed]
    assert {"spent", "platform"} <= {name for name, _ in behind}
    for name, rows in behind:
        counts = re.findall(r'</th><td class="number">([\d,]+)</td>', rows)
        assert [int(count.replace(",", "")) for count in counts] == crossfilter.totals()[name].tolist()


def test_the_table_has_the_foremost_of_what_was_selected_too():
    """However short they are beside all others."""
    rows = [("u", f"2024-03-01 {hour:02}:{minute:02}") for hour in range(0, 24, 2) for minute in (0, 20)]
    rows += [(f"v{at}", f"2024-03-02 00:{at % 60:02}") for at in range(200)]
    frame = pl.DataFrame(rows, schema=["user", "ts"], orient="row")
    engine = explorer.connect(frame, actor="user", time="ts")
    found = coded(engine.session_table(SessionDefinition("visit", "30m")))
    short = Selection().with_("duration", Range(0, 1, "duration"))
    assert found.foremost(5, short)["duration"].to_list().count(timedelta(0)) == 5
    assert found.foremost(5, Selection())["duration"].min() == timedelta(minutes=20)
    table = top_sessions(engine, found, short)
    assert "of all and of what was selected, of 212 sessions." in table.note
    assert len({row[0].text for row in table.rows}) == len(table.rows)


def test_it_asks_no_network_for_anything():
    engine = log(50)
    for tag, attributes in Elements(html(engine, analysis(engine))).found:
        if tag == "a":
            continue
        for name in ("src", "href", "action", "data", "srcset", "poster"):
            assert (attributes.get(name) or "data:").startswith("data:"), (tag, attributes)


def test_no_text_becomes_markup_or_script():
    """The elements of a page of hostile texts are of the kinds that a page of harmless ones has."""
    harmless = Elements(html(log(200), analysis(log(200))))
    known = {(tag, name) for tag, attributes in harmless.found for name in ["", *attributes]}
    known |= {(tag, "") for tag in ("a", "pre", "code", "h3", "p", "br")}
    engine = log(200, HOSTILE)
    for text in (" ".join(HOSTILE), "\n\n".join(reversed(HOSTILE))):
        found = Elements(html(engine, analysis(engine, f"visit {text}".strip(), text)))
        for tag, attributes in found.found:
            for name in ["", *attributes]:
                assert (tag, name) in known, (tag, attributes)
            if tag == "script":
                assert attributes.get("type") in DATA_SCRIPTS or attributes.get("nonce")


def test_scripts_run_only_with_the_word_of_this_file():
    engine = log(20)
    one, other = html(engine, analysis(engine)), html(engine, analysis(engine))
    nonces = [set(re.findall(r"nonce[-=]\"?([\w-]+)", text)) for text in (one, other)]
    assert [len(found) for found in nonces] == [1, 1]
    assert nonces[0] != nonces[1]


# ---- the analysis in it

TEXTS = st.one_of(st.sampled_from(HOSTILE), st.text(st.characters(exclude_categories=["Cs"]), max_size=40))


@given(TEXTS, TEXTS, TEXTS)
def test_the_analysis_is_read_back_as_it_was(title: str, notes: str, text: str):
    definition = SessionDefinition(text.strip() or "visit", "30m", where="amount < 10", description=text)
    document = Analysis({"actor": "user", "time": "ts"}, (definition,), title=title, notes=notes)
    element = embedded(document)
    assert read_back(f"<p>x</p>{element}<script>y</script>") == document
    inside = element.removeprefix('<script type="application/yaml" id="analysis">').removesuffix("</script>")
    assert not re.search(r"<[A-Za-z/!?]", inside)
    assert Analysis.from_yaml(inside) == document


@pytest.mark.parametrize("text", ["", "<html><script>let x</script></html>", "version: 1"])
def test_what_is_no_report_is_refused(text: str):
    with pytest.raises(SpecError, match="not a report of Session Explorer"):
        read_back(text)


def test_title_and_notes_take_the_place_of_the_analysis_own():
    engine = log(20)
    document = read_back(html(engine, analysis(engine), title="Shop & Co", notes="*new*"))
    assert (document.title, document.notes) == ("Shop & Co", "*new*")


@pytest.mark.parametrize(
    ("notes", "shown"),
    [
        ("**b** <i onclick=x>i</i>", "<p><strong>b</strong> &lt;i onclick=x&gt;i&lt;/i&gt;</p>\n"),
        ("![p](https://e.org/p.png)", "href="),
        ("[x](javascript:alert(1)) [y](file:///etc/passwd) [z](//e.org) [d](data:text/html,x)", "<p>[x]"),
        ("[w](https://e.org) <m@e.org>", '<a href="https://e.org" target="_blank" rel="noopener noreferrer">w</a>'),
        ("| a |\n|---|\n| 1 |", "<table>"),
    ],
)
def test_notes_are_text_and_links_to_web_and_mail(notes: str, shown: str):
    found = notes_html(notes)
    assert shown in found
    assert "<img" not in found
    assert set(re.findall(r'href="([a-z]+):', found)) <= {"https", "mailto"}
    assert len(re.findall("href=", found)) == len(re.findall(r'href="(?:https|mailto):', found))


# ---- the code in it


def test_the_code_prints_the_numbers_of_the_page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(tmp_path)
    rows = {"who": ["a", "a", "b", "b"], "at": [0, 60, 10_000, 20_000], "event": ["x", "buy", "x", "x"]}
    pl.DataFrame(rows).write_csv("log.csv")
    engine = explorer.connect("log.csv", actor="who", time="at", event="event", unit="seconds")
    document = Analysis(engine.columns, analysis(log(5)).sessions[:1]).replace(
        sessions=(SessionDefinition('it\'s "x"', "30m"),),
        charts=({"kind": "bar", "session": 'it\'s "x"', "by": "who"},),
    )
    text = report(engine, document, "out.html").read_text(encoding="utf-8")
    (code,) = [said for said in Elements(text).texts if said.startswith("from pathlib")]
    assert engine.columns.unit == "seconds"  # it is a part of the analysis, and read with it
    said = io.StringIO()
    with redirect_stdout(said):
        exec(code, {})
    numbers = coded(engine.session_table(document.sessions[0])).numbers(Selection())
    assert said.getvalue().startswith(f"{numbers.sessions} {numbers.actors} {numbers.events}\n0:00:00 {4 / 3}\n")
    assert "shape: (2, 3)" in said.getvalue()


def test_a_wrong_clock_is_no_edge_of_what_was_read():
    times = [0, 5, *range(1_700_000_000, 1_700_090_000, 60)]
    frame = pl.DataFrame({"user": ["a"] * len(times), "ts": times})
    engine = explorer.connect(frame, actor="user", time="ts", unit="seconds")
    text = html(engine, Analysis(engine.columns, (SessionDefinition("visit", "30m"),)))
    (meta,) = re.findall(r'<p class="meta">(.*?)</p>', text)
    assert "14 Nov 2023 22:13:20 to 15 Nov 2023 23:12:20, and 2 events with a wrong clock" in meta
    assert "1970" not in meta


# ---- what may be wrong


def test_no_session_is_said_and_still_a_report():
    engine = log(30)
    nothing = SessionDefinition("visit", "30m", where="event = 'never'")
    text = html(engine, Analysis(engine.columns, (nothing,)))
    assert "There is no session: no event has event = &#39;never&#39;." in text


def test_a_definition_that_is_not_there():
    engine = log(5)
    with pytest.raises(SpecError, match="There is no session definition 'vist'"):
        html(engine, analysis(engine), session="vist")


def test_a_column_that_is_not_there():
    engine = log(5)
    wrong = analysis(engine).sessions[1].replace(where="evnt = 'x'")
    with pytest.raises(SpecError, match=r"sessions\[1\].where: there is no column 'evnt'"):
        html(engine, analysis(engine).with_session(wrong))


def test_a_path_that_cannot_be_written(tmp_path: Path):
    engine = log(5)
    with pytest.raises(SourceError, match=r"There is no folder .*nowhere to write out.html to"):
        report(engine, analysis(engine), tmp_path / "nowhere" / "out.html")
    with pytest.raises(SourceError, match=r"is a folder. Name a file in it"):
        report(engine, analysis(engine), tmp_path)


def test_above_the_limit_it_says_how_it_is_brushed(monkeypatch: pytest.MonkeyPatch):
    engine = log(3_000)
    monkeypatch.setattr(page, "MOST_SESSIONS", 500)
    text = html(engine, analysis(engine))
    said = re.search(r"is estimated from ([\d,]+) of ([\d,]+) sessions: all those of ([\d,]+) of ([\d,]+) actors", text)
    assert said
    some, all_, actors, all_actors = (int(number.replace(",", "")) for number in said.groups())
    numbers = coded(engine.session_table(analysis(engine).sessions[0])).numbers(Selection())
    assert (all_, all_actors) == (numbers.sessions, numbers.actors)
    assert 400 < some <= 500
    assert 0 < actors < all_actors
    monkeypatch.setattr(page, "MOST_SESSIONS", 0)
    assert "Nothing can be brushed" in html(engine, analysis(engine))


@pytest.mark.parametrize(("sessions", "most"), [(100_000, 2.0), (1_000_000, 4.0)])
def test_it_is_small_enough_to_be_sent(sessions: int, most: float, tmp_path: Path):
    """Sessions whose durations, events and starts know nothing of each other: nothing compresses worse."""
    random = np.random.default_rng(0)
    sizes = random.geometric(0.45, sessions)
    actor = random.integers(0, sessions // 5, sessions)
    begins = random.integers(0, 180 * 86_400, sessions)
    within = (random.lognormal(4, 1.2, int(sizes.sum())) % 1_700).astype(np.int64)
    firsts = np.repeat(sizes.cumsum() - sizes, sizes)
    times = np.repeat(begins, sizes) + within.cumsum() - within.cumsum()[firsts]
    frame = pl.DataFrame({"user": np.repeat(actor, sizes), "ts": pl.Series(times * 1_000_000).cast(pl.Datetime("us"))})
    engine = explorer.connect(frame, actor="user", time="ts")
    document = Analysis(engine.columns, (SessionDefinition("visit", "30m"),))
    began = time.perf_counter()
    path = report(engine, document, tmp_path / "out.html")
    assert engine.table(document.sessions[0]).height > 0.95 * sessions
    assert path.stat().st_size < most * 1e6
    assert time.perf_counter() - began < 30


def test_a_disk_that_is_full_leaves_the_older_report_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    engine = log(5)
    path = report(engine, analysis(engine), tmp_path / "out.html")
    before = path.read_bytes()
    write = Path.write_text

    def half(self: Path, text: str, **options: str) -> int:
        write(self, text[: len(text) // 2], **options)
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_text", half)
    with pytest.raises(SourceError, match=r"out.html cannot be written to .*: No space left on device"):
        report(engine, analysis(engine), path)
    assert path.read_bytes() == before
    assert [each.name for each in tmp_path.iterdir()] == ["out.html"]
