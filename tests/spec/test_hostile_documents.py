"""Documents, links and conditions that were written to do harm: one of our sentences, soon, and a short one."""

from __future__ import annotations

import time
from typing import Any

import pytest

from explorer.crossfilter.selections.selection import Selection
from explorer.errors import ExplorerError, SpecError, did_you_mean, located, outside, quoted
from explorer.spec.analysis import Analysis, first_analysis
from explorer.spec.columns import Columns
from explorer.spec.expression.clause import parse, text
from explorer.spec.session import SessionDefinition

BASE = "version: 1\ncolumns: {actor: u, time: t}\nsessions:\n- {name: s, inactivity: 30m}\n"
LONG = "x" * 10_000
SECONDS = 3


def bomb(levels: int) -> str:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 9)}]" for i in range(1, levels)]
    return "\n".join(lines) + "\n"


def rule(**rules: str) -> str:
    said = "".join(f", {name}: '{value}'" for name, value in rules.items())
    return BASE.replace("30m}", f"30m{said}}}")


DOCUMENTS = {
    "a day that is none": BASE + "title: 2024-99-99\n",
    "a time that is none": BASE + "title: 2024-01-01 99:99:99\n",
    "a zone that is none": BASE + "title: 2024-01-01 10:00:00 +99:99\n",
    "4,300 digits": BASE + f"title: {'1' * 4_300}\n",
    "5,000 digits": BASE + f"title: {'1' * 5_000}\n",
    "a version of 5,000 digits": BASE.replace("version: 1", f"version: {'9' * 5_000}"),
    "5,000 digits of base 16": BASE + f"title: 0x{'f' * 5_000}\n",
    "5,000 digits of base 60": BASE + f"title: 1:{':'.join(['59'] * 3_000)}\n",
    "100 brackets where a text should stand": BASE + f"title: {'[' * 100}{']' * 100}\n",
    "10,000 brackets": BASE + f"title: {'[' * 10_000}{']' * 10_000}\n",
    "10,000 braces": BASE + "title: " + "{a: " * 10_000 + "\n",
    "10,000 dashes": "- " * 10_000,
    "indented 2,000 times": BASE + "title:\n" + "".join(f"{' ' * i}a:\n" for i in range(1, 2_000)),
    "nested anchors": bomb(9) + BASE,
    "nested anchors as a title": BASE.replace("version: 1", f"{bomb(9)}version: 1\ntitle: *a8"),
    "nested anchors as sessions": f"{bomb(9)}version: 1\ncolumns: {{actor: u, time: t}}\nsessions: *a8\n",
    "nested anchors in one line": "version: 1\ntitle: [&a [x,x,x,x,x,x,x,x,x], "
    + ", ".join(f"&{chr(98 + i)} [{','.join(['*' + chr(97 + i)] * 9)}]" for i in range(9))
    + "]\n",
    "an alias inside itself": "a: &a [*a]\n" + BASE,
    "a document inside itself": "&a\n" + BASE + "title: *a\n",
    "a long field": BASE + f"? {LONG}\n: 1\n",
    "a long duration": BASE.replace("30m", LONG),
    "a long duration of digits": BASE.replace("30m", "9" * 5_000 + "m"),
    "a long list as a name": BASE.replace("name: s", f"name: [{','.join(['x'] * 10_000)}]"),
    "a long condition": rule(where=f"{LONG} >"),
    "a condition of 10,000 brackets": rule(where="(" * 10_000 + "a = 1" + ")" * 10_000),
    "a condition of 10,000 NOT": rule(where="NOT " * 10_000 + "a = 1"),
    "a condition of 5,000 minuses": rule(where="a = " + "-" * 5_000 + "1"),
    "a condition of 10,000 CASE": rule(where="CASE WHEN " * 10_000 + "a = 1"),
    "a condition that is a list": BASE.replace("30m}", f"30m, where: [{','.join(['x'] * 1_000)}]}}"),
    "a code": BASE + "title: !!python/object/apply:os.system [ls]\n",
    "bytes": BASE + "title: !!binary abc=def\n",
    "keys that are no texts": "? {a: [1]}\n: 2\n",
    "half a character": BASE + 'title: "\\ud800"\n',
    "a zero": "\0",
    "2 MB": BASE + f"notes: {'x' * 2_000_000}\n",
}


def refused(read: Any, *arguments: Any) -> str:
    began = time.process_time()
    with pytest.raises(ExplorerError) as caught:
        read(*arguments)
    assert time.process_time() - began < SECONDS
    said = str(caught.value)
    assert len(said) < 700
    for sign in ("x" * 201, "9" * 201, "1" * 201, "[" * 201, "(" * 201, "-" * 201, "NOT " * 50):
        assert sign not in said
    return said


@pytest.mark.parametrize("document", DOCUMENTS.values(), ids=DOCUMENTS)
def test_a_hostile_document_is_refused_in_a_sentence(document: str) -> None:
    refused(Analysis.from_yaml, document)


def test_the_sentence_says_where() -> None:
    said = refused(Analysis.from_yaml, BASE + "title: 2024-99-99\n")
    assert said == "line 5, column 8: '2024-99-99' cannot be read as a time. Put a text in quotes."
    assert "nested more than 150 deep" in refused(Analysis.from_yaml, BASE + "title: " + "{a: " * 10_000)
    assert "more than 300,000 values" in refused(Analysis.from_yaml, bomb(9) + BASE)


def test_a_few_aliases_are_what_they_stand_for() -> None:
    shared = "- {name: s, inactivity: &length 30m}\n- {name: t, inactivity: *length}\n"
    found = Analysis.from_yaml(BASE.replace("- {name: s, inactivity: 30m}\n", shared))
    assert [str(session.inactivity) for session in found.sessions] == ["30m", "30m"]


@pytest.mark.parametrize("nested", ["({})", "NOT ({})", "(a = 1 AND {})", "NOT NOT {}"])
def test_a_hundred_brackets_are_fine(nested: str) -> None:
    levels = 50 if "NOT NOT" in nested else 100
    source = "b = 2"
    for _ in range(levels):
        source = nested.format(source)
    assert parse(text(parse(source))) == parse(source)
    definition = SessionDefinition("s", "30m", where=source)
    analysis = first_analysis(Columns("u", "t")).replace(sessions=(definition,))
    assert Analysis.from_yaml(analysis.to_yaml()) == analysis


LINKS = {
    "a digit that is no number": "sessions.²=x",
    "such a digit, escaped": "sessions.%C2%B2.name=x",
    "such a digit, deeper": "sessions.0.metrics.²=1",
    "digits of another script": "sessions.٣.name=x",
    "a number below 0": "sessions.-1.name=x",
    "20 digits": "sessions.99999999999999999999.name=x",
    "5,000 digits": f"sessions.{'9' * 5_000}.name=x",
    "a version of 5,000 digits": f"version={'9' * 5_000}",
    "3,000 steps": f"sessions.{'0.' * 3_000}x=1",
    "nothing": ".=1",
    "a long name": f"{LONG}=1",
    "a long duration": f"sessions.0.inactivity={LONG}",
    "3,000 brackets": f"sessions.0.where={'(' * 3_000}",
    "a value and a group": "a=2&a.b.c=1",
}


@pytest.mark.parametrize("link", LINKS.values(), ids=LINKS)
def test_a_hostile_link_is_refused_in_a_sentence(link: str) -> None:
    refused(Analysis.from_query, link, Analysis.from_yaml(BASE))


SELECTIONS = ["event_count:" + "9" * 5_000 + "..", "duration:" + "9" * 5_000 + "s..", LONG, "(" * 10_000]
SELECTIONS += ["start:9999-99-99T00:00..", "start:2024-01-01T00:00+99:99..", "duration:²..3", "event_count:1..²"]


@pytest.mark.parametrize("selection", SELECTIONS, ids=lambda selection: selection[:20])
def test_a_hostile_selection_is_refused_in_a_sentence(selection: str) -> None:
    refused(Selection.from_text, selection)


def test_python_values_of_any_size_are_quoted_soon_and_shortly() -> None:
    grown: list[Any] = ["x"] * 9
    for _ in range(9):
        grown = [grown] * 9
    for value in (grown, {"a": grown}, LONG, 10**9_999, [LONG] * 9, b"x" * 9_999, {LONG: LONG}):
        assert len(quoted(value)) <= 120
        refused(Analysis.read, {"columns": {"actor": "u", "time": "t"}, "sessions": value})
        refused(Analysis.read, value)
        if value != LONG:
            refused(SessionDefinition, value, "30m")
        refused(SessionDefinition, "s", value)


def test_places_and_hints_stay_short() -> None:
    names = [f"metric_{i}" for i in range(5_000)]
    hint = did_you_mean("zzz", names)
    assert hint.endswith("metric_19 and 4,980 more.")
    with pytest.raises(SpecError) as caught, located(LONG), located(LONG):
        raise SpecError(did_you_mean(LONG, [LONG] * 9))
    assert len(str(caught.value)) < 700


class Panic(BaseException):
    """As Polars raises them."""


@pytest.mark.parametrize("error", [ValueError("a"), Panic("a"), KeyError("a"), MemoryError(), AssertionError()])
def test_whatever_is_raised_outside_is_one_of_ours(error: BaseException) -> None:
    with pytest.raises(SpecError, match="This page cannot be read"), outside("This page"):
        raise error


def test_what_ends_the_program_stays_so() -> None:
    with pytest.raises(KeyboardInterrupt), outside("This page"):
        raise KeyboardInterrupt
