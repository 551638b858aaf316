"""Writes CONFORMANCE.md from the published examples and the presets: `python -m tests.conformance`."""

from pathlib import Path

from explorer.spec.presets import PRESETS, Preset
from tests.published import EXAMPLES, Published

PAGE = Path(__file__).with_name("CONFORMANCE.md")
TITLE = """# What others published, and how other tools count

This page is written by `python -m tests.conformance` from `tests/published.py` and `explorer/spec/presets.py`.
"""


def page() -> str:
    """The whole page as Markdown."""
    parts = [TITLE]
    parts += ["## Published examples\n", "Data and answers that others published; every one is reproduced exactly.\n"]
    parts += [_table(("example", "events", "answer", "rule it follows", "source"), [_example(one) for one in EXAMPLES])]
    parts += ["\n## Presets\n", "What a gap of exactly the inactivity is, and what else ends a session."]
    parts += ["Sessions that are cut when collected are cut before any filter of a report; when queried, after it.\n"]
    head = (
        "preset",
        "inactivity",
        "exactly as long",
        "longest",
        "midnight",
        "cut",
        "rule",
        "not in the preset",
        "source",
    )
    parts += [_table(head, [_preset(one) for one in PRESETS])]
    return "\n".join(parts)


def _example(one: Published) -> tuple[str, ...]:
    answer = f"{len(one.sessions)} sessions" if one.sessions else "a session number for each event"
    return one.name, str(len(one.events)), answer, one.rule, one.source


def _preset(one: Preset) -> tuple[str, ...]:
    midnight = "ends a session" if one.midnight else "–"
    rest = (one.exactly, one.max_duration or "–", midnight, one.cut, one.sentence, one.not_here or "–", one.source)
    return one.name, one.inactivity or "as given", *rest


def _table(head: tuple[str, ...], rows: list[tuple[str, ...]]) -> str:
    lines = [head, tuple("---" for _ in head), *rows]
    return "".join(f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in line)} |\n" for line in lines)


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
