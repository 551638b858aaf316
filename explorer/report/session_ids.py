"""A column of session ids in the report: what a definition makes of its sessions, and which rules it follows."""

from __future__ import annotations

from typing import Any

from explorer.crossfilter.formats import count_text, percent_text
from explorer.engine.answers.rules_from_ids import RulesFromIds
from explorer.engine.engine import Engine
from explorer.errors import SpecError, located
from explorer.report.tables import Cell, Table
from explorer.spec.session import SessionDefinition


def held_against_ids(engine: Engine, definition: SessionDefinition, column: str) -> dict[str, Any]:
    """Sentences and a table with a row for each rule; raises SpecError at `ids` for a column that holds none."""
    with located("ids"):
        diff = engine.diff(definition, column)
    said = [f"'{definition.name}' beside the ids of {column}: {diff.sentence}"]
    try:
        rules = engine.rules_from_ids(column)
    except SpecError as error:
        return {"sentences": [*said, str(error)], "table": None, "title": f"Session ids of {column}"}
    sentences = [*said, f"The rules that they follow: {rules.sentence}", *rules.notes]
    return {"sentences": sentences, "table": _table(rules), "title": f"Session ids of {column}"}


def _table(rules: RulesFromIds) -> Table:
    headings = [("Rules", False), ("Sessions that are the same", True), ("Share", True), ("Wrong places", True)]
    rows = []
    for at, step in enumerate(rules.steps):
        share = step.same / max(1, rules.sessions)
        rows.append(
            [
                Cell(step.what if not at else f"and {step.what}", at), Cell(count_text(step.same), step.same),
                Cell(percent_text(share), share), Cell(count_text(step.wrong), step.wrong),
            ]
        )  # fmt: skip
    return Table(f"Rules of {rules.column}", headings, rows)
