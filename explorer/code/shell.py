"""An analysis as a command for a shell."""

from __future__ import annotations

from collections.abc import Iterator
from shlex import quote

from explorer.code.source import source_paths
from explorer.crossfilter.selections.conditions import kept_only
from explorer.engine.engine import Engine
from explorer.spec.analysis import Analysis
from explorer.spec.columns import Columns
from explorer.spec.expression.clause import Clause
from explorer.spec.rules import RULES
from explorer.spec.session import SessionDefinition

FRAME = "events.parquet"
SAID = ("inactivity", *(rule.field for rule in RULES if rule.flag))


def shell_code(
    engine: Engine, analysis: Analysis, definition: SessionDefinition, selected: Clause | None = None
) -> str:
    """A `session-explorer sessionize` that writes sessions.parquet; with the analysis where the flags cannot say it."""
    source = source_paths(engine)
    lines = [] if source else [f"# {FRAME}: the data frame that was explored, written with write_parquet"]
    files = [said(_not_a_flag(one)) for one in source or [FRAME]]
    command = ["session-explorer sessionize", *files, "-o sessions.parquet"]
    needs = definition.split_by, definition.metrics, definition.actor_metrics, engine.columns.lookups, analysis.cohorts
    if any(needs):
        document = analysis.replace(columns=engine.columns, charts=()).to_yaml()
        end = _end(document)
        lines += [f"cat > analysis.yaml <<'{end}'", document + end]
        command += ["--analysis analysis.yaml", _flag("session", definition.name)]
        changed = {} if selected is None else {"keep": kept_only(definition, selected).keep}
        command += [_flag(name, str(value)) for name, value in changed.items()]
    else:
        asked = definition if selected is None else kept_only(definition, selected)
        command += [*_roles(engine.columns), *_rules(asked)]
    return "\n".join([*lines, " \\\n  ".join(command)]) + "\n"


def _roles(columns: Columns) -> Iterator[str]:
    for name in columns.actor:
        yield _flag("actor", name)
    for name in columns.times:
        yield _flag("time", name)
    if columns.event:
        yield _flag("event", columns.event)
    for name in columns.order:
        yield _flag("order", name)
    for name, kind in columns.types:
        yield _flag("type", f"{name}={kind}")
    for one in columns.null_values:
        yield _flag("null_value", one if isinstance(one, str) else "=".join(one))
    for name in columns.unique_by:
        yield _flag("unique_by", name)
    for derived in columns.derived:
        if not derived.is_of_actor:
            yield _flag("derive", f"{derived.name}={derived.value}")
    for role in ("time_zone", "unit", "time_format", "until", "until_unit", "now"):
        if value := getattr(columns, role):
            yield _flag(role, value)
    if columns.identity:
        yield f"--identity {said(columns.identity.known)} {said(columns.identity.anonymous)}"
    for one in columns.format.flags if columns.format else ():
        yield _flag("format", one)
    if columns.drop_duplicates:
        yield "--drop-duplicates"


def _rules(definition: SessionDefinition) -> Iterator[str]:
    for name in SAID:
        value = getattr(definition, name)
        for each in value if isinstance(value, tuple) else [value]:
            if each is not None and not (name == "boundary" and each == ">"):
                yield _flag(name, str(each))


def _flag(name: str, value: str) -> str:
    """A flag with its value; one that begins like a flag is joined to it.

    >>> _flag("max_duration", "1h 30m"), _flag("actor", "-x")
    ("--max-duration '1h 30m'", '--actor=-x')
    """
    return f"--{name.replace('_', '-')}{'=' if value.startswith('-') else ' '}{said(value)}"


def said(text: str) -> str:
    """A text as one word of a shell; in double quotes where it holds single ones and nothing that these expand.

    >>> print(said("event = 'login'"), said("$x's"))
    "event = 'login'" '$x'"'"'s'
    """
    return f'"{text}"' if "'" in text and not set(text) & set('"$`\\!') else quote(text)


def _not_a_flag(path: str) -> str:
    return f"./{path}" if path.startswith("-") else path


def _end(document: str) -> str:
    """A line that is none of the document."""
    end = "YAML"
    while end in document.splitlines():
        end += "_"
    return end
