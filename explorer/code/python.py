"""An analysis as a Python script over this package."""

from __future__ import annotations

import builtins
import keyword
import re
from collections.abc import Iterator
from typing import Any

from explorer.code.plain.clause import quoted
from explorer.code.plain.literals import WIDTH, comment
from explorer.code.source import source_paths
from explorer.crossfilter.selections.conditions import kept_only
from explorer.engine.engine import Engine
from explorer.spec.analysis import Analysis
from explorer.spec.charts.chart import Chart
from explorer.spec.document import Spec
from explorer.spec.expression.clause import Clause
from explorer.spec.prose import definition_sentence
from explorer.spec.session import SessionDefinition

NAMES = ("ActorMetric", "Analysis", "Chart", "Cohort", "Metric", "Scope", "SessionDefinition")
TAKEN = {
    "explorer",
    "shown",
    "log",
    "sessions",
    "actors",
    "selected",
    "charts",
    "chart",
    "events",
    "definition",
    "analysis",
    "bins",
    "cohorts",
}
NUMBERS = (
    "print(sessions.height, actors.height, sessions['event_count'].sum())",
    "print(sessions['duration'].median(), sessions['event_count'].mean())",
    "print((sessions['event_count'] == 1).mean(), actors['time_in_session'].median())",
)


def python_code(
    engine: Engine, analysis: Analysis, definition: SessionDefinition, selected: Clause | None = None
) -> str:
    """A script that makes `sessions`, `actors`, every chart, and `selected` where something is selected."""
    variables = _variables([each.name for each in analysis.sessions])
    body = list(_body(engine, analysis, definition, variables, selected))
    code = "\n".join(body) + "\n"
    used = [name for name in NAMES if f"{name}(" in code]
    exports = "from explorer.exports import bins\n" if "shown = bins" in code else ""
    return f"import explorer\nfrom explorer import {', '.join(used)}\n{exports}\n{code}"


def connect_line(source: str | list[str], roles: dict[str, Any]) -> str:
    """`log`, from a path or, where that is empty, from the frame `events`.

    >>> connect_line("shop.csv", {"actor": "user"})
    'log = explorer.connect("shop.csv", actor="user")'
    """
    said = [written(source) if source else "events", *(f"{name}={written(value)}" for name, value in roles.items())]
    return f"log = explorer.connect({', '.join(said)})"


def written(value: Any) -> str:
    """Plain values as Python code."""
    if isinstance(value, str):
        return quoted(value)
    if isinstance(value, list):
        return f"[{', '.join(map(written, value))}]"
    return repr(value)


def _body(
    engine: Engine,
    analysis: Analysis,
    definition: SessionDefinition,
    variables: dict[str, str],
    selected: Clause | None,
) -> Iterator[str]:
    paths, mine = source_paths(engine), variables[definition.name]
    source = paths[0] if len(paths) == 1 else paths
    if not source:
        yield "# events: the data frame that was explored"
    yield connect_line(source, analysis.columns.plain())
    for each in analysis.sessions:
        yield ""
        yield comment(definition_sentence(each, analysis.columns.actor_name))
        yield f"{variables[each.name]} = {_call(each)}"
    if analysis.cohorts:
        known = ", ".join(variables[each.name] for each in analysis.sessions)
        yield ""
        yield "cohorts = ["
        yield from (f"    {_call(cohort)}," for cohort in analysis.cohorts)
        yield "]"
        yield f"log = log.under(Analysis(columns=log.columns, sessions=[{known}], cohorts=cohorts))"
    yield ""
    yield f"sessions, actors = log.sessions({mine}), log.actors({mine})"
    yield comment("sessions, actors, events; median duration, events per session; share of one event, median time")
    yield from NUMBERS
    if selected is not None:
        keep = kept_only(definition, selected).keep
        yield ""
        yield "# what is selected"
        yield f"selected = log.sessions({mine}.replace(keep={quoted(str(keep))}))"
        yield "print(selected)"
    if analysis.charts:
        yield ""
        yield "charts = ["
        for chart in analysis.charts:
            yield f"    ({variables[chart.session]}, {_call(chart)}),"
        yield "]"
        yield "for definition, chart in charts:"
        if any(chart.kind == "distribution" for chart in analysis.charts):
            yield '    shown = bins if chart.kind == "distribution" else type(log).query'
            yield "    print(shown(log, chart, definition))"
        else:
            yield "    print(log.query(chart, definition))"


def _call(spec: Spec, indent: str = "") -> str:
    """The constructor call that makes a spec, on one line where it fits."""
    parts = [f"{name}={_value(spec, name, value, indent)}" for name, value in spec.plain().items()]
    line = f"{type(spec).__name__}({', '.join(parts)})"
    if (len(indent) + len(line) <= WIDTH and "\n" not in line) or isinstance(spec, Chart):
        return line
    inner = indent + "    "
    return "\n".join([f"{type(spec).__name__}(", *(f"{inner}{part}," for part in parts), f"{indent})"])


def _value(spec: Spec, name: str, plain: Any, indent: str) -> str:
    value = getattr(spec, name)
    if isinstance(value, Spec):
        return _call(value, indent + "    ")
    if isinstance(value, tuple) and value and isinstance(value[0], Spec):
        inner = indent + "        "
        return "\n".join(["[", *(f"{inner}{_call(each, inner)}," for each in value), f"{indent}    ]"])
    return written(plain)


def _variables(names: list[str]) -> dict[str, str]:
    """A variable for each name: `login visit` is login_visit."""
    found: dict[str, str] = {}
    taken = {*TAKEN, *dir(builtins), *keyword.kwlist, *keyword.softkwlist}
    for name in names:
        plain = re.sub(r"[^a-z0-9]+", "_", name.lower()).strip("_") or "sessions_of"
        variable = f"definition_{plain}" if plain[0].isdigit() or plain in taken else plain
        while variable in taken:
            variable += "_"
        taken.add(variable)
        found[name] = variable
    return found
