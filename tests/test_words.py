"""The page speaks the field's words: no text that somebody reads says what `BANNED` says, whoever writes it."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
# Said once and found to be a riddle, each with what is said in its place.
BANNED = {
    r"silences?": "gap",
    r"\b(the|a) valley\b": "the gaps that separate short pauses from absences",
    r"load doctor": "Data quality",
    r"look inside": "View events",
    r"(keep only|exclude) these": "Filter to selection, Filter out selection",
    r"exact range": "Enter a range",
    r"last but one": "second to last",
    r"tell events apart": "Event label",
    r"what comes next": "Next event",
    r"never begin\b|stop here|go on here": "did not start, dropped off, continue",
    r"held against": "Compared with",
    r"what became of": "Session-by-session differences",
    r"whatever the brushes hold": "the selection is ignored",
    r"one more for each value": "Create one per value of",
    r"how they are read": "Column mapping",
    r"told to the (milli|micro)?second": "precision",
    r"the same numbers again": "Reproduce these numbers",
    r"nothing from any network": "Works offline",
    r"take what is typed|leave it as it was": "Confirm, Revert",
    r"who holds the time": "Concentration of session time",
    r"one event only$|^time per actor$": "Single-event sessions, Median time per actor",
    r"^takes \d": "Computed in",
    r"before cutting|after cutting": "Filter events, Filter sessions",
    r"^\+ charts$": "Add chart",
    r"^form of times": "Time format",
    r"^words for nothing$|^columns of text$|^lines to pass over$": "Null values, Text columns, Lines to skip",
    r"^found out$|^by their size$": "detected",
    r"count like another tool|^not here:": "Use another tool's rules, Not reproduced:",
}
ANY = re.compile("|".join(f"(?:{banned})" for banned in BANNED), re.IGNORECASE)
JS_TEXT = re.compile(r'"((?:[^"\\\n]|\\.)*)"|`((?:[^`\\]|\\.)*)`')


def texts_of_python(text: str) -> Iterator[str]:
    """The texts of a program but its docstrings."""
    tree = ast.parse(text)
    docs = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef)
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docs:
            yield node.value


def texts(file: Path) -> Iterator[str]:
    """What of a file may be read on the page, in the report or in the guide."""
    text = file.read_text(encoding="utf-8")
    if file.suffix == ".py":
        yield from texts_of_python(text)
    elif file.suffix == ".js":
        yield from (one or other for one, other in JS_TEXT.findall(text))
    else:
        yield from text.splitlines()


def said(files: list[Path]) -> list[str]:
    """Every place where something banned is said."""
    found = []
    for file in files:
        for text in filter(lambda text: ANY.search(text.strip()), texts(file)):
            for banned, instead in BANNED.items():
                if re.search(banned, text.strip(), re.IGNORECASE):
                    found.append(f"{file.relative_to(ROOT)}: {text[:80]!r}: say {instead}")
    return found


@pytest.mark.parametrize("room", ["widgets", "explorer"])
def test_no_text_says_what_nobody_understands(room: str):
    files = [file for suffix in ("py", "js", "html", "md") for file in sorted((ROOT / room).rglob(f"*.{suffix}"))]
    assert len(files) > 100
    assert said(files) == []


def test_what_is_banned_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("tests.test_words.ROOT", tmp_path)
    page, script, guide = tmp_path / "a.py", tmp_path / "b.js", tmp_path / "c.md"
    page.write_text('"""Silences."""\nTITLE = "Load doctor"\n# silence\nNAME = "gap"\n', encoding="utf-8")
    script.write_text('h("b", {}, "Look inside", `${n} silences`) // valley\n', encoding="utf-8")
    guide.write_text("Gaps\nThe valley of gaps\n", encoding="utf-8")
    assert len(said([page, script, guide])) == 4
