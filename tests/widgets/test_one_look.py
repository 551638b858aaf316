"""Every kind of thing has one look: letters have a few sizes, and there is one drop-down and one search field."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
WIDGETS, REPORT = ROOT / "widgets", ROOT / "explorer" / "report" / "page.css"
SIZES = re.compile(r"--text-(\w+): (\d+)px")
SAID = re.compile(r"font-size: *([^;}\n]+)|font: *([^;}\n]+)")
FAMILY = re.compile(r"\b(?:\d+(?:\.\d+)?)(?:px|em|rem|pt|%)(?=[/ ])|\b(?:small|medium|large)\b")
# What stands in the page before any component does, and what a mail program shows.
BEFORE = {"skeleton.css", "tab_stops.css"}


def told(pattern: str, *kinds: str) -> Iterator[tuple[Path, str]]:
    for kind in kinds:
        for path in sorted(WIDGETS.rglob(f"*.{kind}")):
            for line in path.read_text(encoding="utf-8").splitlines():
                if re.search(pattern, line):
                    yield path.relative_to(WIDGETS), line.strip()


def sizes(path: Path) -> dict[str, str]:
    return dict(SIZES.findall(path.read_text(encoding="utf-8")))


def styles() -> list[Path]:
    return [path for kind in ("css", "py") for path in sorted(WIDGETS.rglob(f"*.{kind}")) if path.name not in BEFORE]


@pytest.mark.parametrize("path", [*styles(), REPORT], ids=lambda path: path.name)
def test_letters_have_the_sizes_of_the_scale(path: Path) -> None:
    for size, font in SAID.findall(path.read_text(encoding="utf-8")):
        plain = re.sub(r"var\(--text-\w+\)", "", size) if size else ""
        assert not re.search(r"\d(?:px|em|rem|pt)", plain), f"{size}: take one of {', '.join(sizes(base()))}"
        assert not FAMILY.search(re.sub(r"/[\d.]+(?:px)?", "", font)), f"{font}: take one of {', '.join(sizes(base()))}"


def base() -> Path:
    return WIDGETS / "parts" / "base.css"


def test_the_scale_has_seven_sizes_and_the_report_the_same() -> None:
    assert [int(size) for size in sizes(base()).values()] == [11, 12, 13, 14, 17, 20, 28]
    assert sizes(REPORT).items() >= sizes(base()).items()


def test_a_test_of_letters_can_fail() -> None:
    found = SAID.findall("a { font-size: 12.5px; } b { font: 600 10px/1 monospace; }")
    assert found == [("12.5px", ""), ("", "600 10px/1 monospace")]
    assert FAMILY.search(found[1][1])


def test_there_is_one_drop_down() -> None:
    assert [str(path) for path, _ in told(r"""h\(["'`]select|createElement\(["'`]select|<select""", "js", "html")] == [
        "parts/dom.js"
    ]
    made = {str(path) for path, _ in told(r"pmui\.(Select|MultiChoice|MultiSelect|AutocompleteInput)\(", "py")}
    assert made == {"parts/fields.py"}
    assert not list(told(r"pn\.widgets\.\w*(Select|Choice)", "py"))


def test_tables_share_one_script_and_one_style() -> None:
    tables = [path for path in WIDGETS.rglob("*.js") if 'h("table"' in path.read_text(encoding="utf-8")]
    assert len(tables) >= 14
    for path in tables:
        text = path.read_text(encoding="utf-8")
        assert re.search(r"\b(paintHead|plainHead)\(", text), f"{path.name}: its head is made elsewhere"
        assert "framed(" in text, f"{path.name}: its edges do not say where there is more"
        assert not re.search(r"overflow(-[xy])?: (auto|scroll)", style_beside(path)), f"{path.name} scrolls by itself"
    # The guide is read: its tables are a part of the text.
    assert {str(path) for path, _ in told("border-collapse", "css")} == {"parts/table.css", "guide/guide.css"}


def style_beside(path: Path) -> str:
    style = path.with_suffix(".css")
    return style.read_text(encoding="utf-8") if style.exists() else ""


def test_there_is_one_search_field() -> None:
    assert [str(path) for path, _ in told(r"""type: "search"|type="search\"""", "js", "html")] == ["parts/dom.js"]


@pytest.mark.parametrize("path", [path for path in styles() if path.suffix == ".css"], ids=lambda path: path.name)
def test_colours_are_named(path: Path) -> None:
    found = re.findall(r"#[0-9a-f]{3,8}\b", path.read_text(encoding="utf-8"))
    assert path == base() or not [each for each in found if each != "#000"]  # of a mask
