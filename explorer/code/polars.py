"""A definition as a Polars script that needs nothing of ours and is meant to be read."""

from __future__ import annotations

from collections.abc import Iterator

from explorer.code.funnels import Counted, funnel_name
from explorer.code.plain.attempts import HELPER, funnel_lines
from explorer.code.plain.clause import Conditions, quoted
from explorer.code.plain.cutting import cut_lines, sort_lines, where_lines
from explorer.code.plain.known import known_lines
from explorer.code.plain.literals import comment
from explorer.code.plain.measuring import Measuring
from explorer.code.plain.names import Names
from explorer.code.plain.sources import edge_lines, event_lines, load_lines
from explorer.code.plain.times import needs_reader, reader_lines
from explorer.code.source import source_paths
from explorer.engine.engine import Engine
from explorer.errors import EngineError, located
from explorer.plan.in_sql.source import NOT_IN_SQL
from explorer.plan.meaning import inside, outer_name
from explorer.spec.event_columns import name_inside
from explorer.spec.expression import clause as clauses
from explorer.spec.expression.clause import Clause
from explorer.spec.prose import definition_sentence
from explorer.spec.session import SessionDefinition

HEAD = (
    "This script needs Polars only. A condition is true or false, never null: that is what eq_missing and "
    "fill_null(False) are for."
)

DECODED = """
def without_signs(text):
    try:
        return unquote_plus(text, errors="strict") or None
    except UnicodeDecodeError:
        return None


def decoded(texts):
    coded = texts.filter(texts.str.contains("[%+]") | (texts == "")).unique()
    return texts.replace(coded, pl.Series(map(without_signs, coded), dtype=pl.String))


"""


def polars_code(
    engine: Engine, definition: SessionDefinition, selected: Clause | None = None, funnels: tuple[Counted, ...] = ()
) -> str:
    """A script that makes `sessions`, `actors` and, where something is selected, `selected`; then `funnel`, `funnel_2`
    and so on with how many reach each step of the funnels.

    Raises SourceError where the source is gone, SpecError for what does not fit the columns.
    """
    columns = engine.columns
    for role, what in NOT_IN_SQL.items():
        if getattr(columns, role) is not None:
            with located(f"columns.{role}"):
                raise EngineError(f"The Polars script does not {what} yet. The Python code does, with this package.")
    _check_keep(definition, columns.actor_name)
    more = dict.fromkeys(metric for funnel in funnels for metric in funnel.metrics)
    sentence = definition_sentence(definition, columns.actor_name)
    definition = definition.replace(metrics=(*definition.metrics, *more))
    found = engine.reading()
    schema = engine.schema
    names = Names.of(definition, columns, schema)
    called = {name: outer_name(name) for name in schema}
    now = engine.now
    events = Conditions(schema, columns.time_zone, columns.time, called, now)
    plain = Conditions(schema, columns.time_zone, columns.time, None, now)
    aware = getattr(schema[columns.time], "time_zone", None) is not None
    held = {name_inside(name): outer_name(name) for name in schema}
    inner = Conditions(inside(schema), columns.time_zone, name_inside(columns.time), held, now)
    measuring = Measuring(definition, columns, schema, names, inner, selected, funnels)
    time = quoted(names.time)

    def body() -> Iterator[str]:
        if needs_reader(found):
            yield from reader_lines(found)
        yield "# ---- the events"
        yield ""
        yield from load_lines(found, source_paths(engine))
        yield from event_lines(found, engine, plain)
        yield from edge_lines(time)
        yield from where_lines(definition, events)
        yield from sort_lines(definition, names)
        yield ""
        yield "# ---- where sessions begin"
        yield ""
        yield from cut_lines(definition, names, events, aware)
        yield ""
        yield "# ---- one row per session"
        yield ""
        yield from known_lines(definition, names, inner, funnels)
        yield from measuring.session_lines()
        yield from measuring.metric_lines()
        yield from measuring.last_lines()
        if funnels:
            yield ""
            yield "# ---- funnels"
            yield from funnel_lines(funnels, names, inner, columns.event)
        yield ""
        for at in range(len(funnels)):
            yield f"print({funnel_name(at)})"
        yield f"print({'sessions' if selected is None else 'selected'})"

    code = "\n".join(body()) + "\n"
    helper = DECODED if "map_batches(decoded" in code else ""
    helper += HELPER.lstrip() + "\n" if "steps_reached(" in code else ""
    head = f"{comment(sentence)}\n{comment(HEAD)}"
    return f"{head}\n\n{_imports(code)}\n\nimport polars as pl\n\n{helper}{code}"


def _check_keep(definition: SessionDefinition, actor: str) -> None:
    """Raise EngineError where `keep` asks a value of actors."""
    long = {f"{actor}.{name}.{definition.name}" for name in definition.actor_values}
    for name in clauses.columns(definition.keep):
        if name in long or name in definition.actor_values:
            with located("keep"):
                raise EngineError(
                    f"The Polars script does not keep sessions by values of actors, such as {name}, yet. The Python "
                    "code does, with this package."
                )


def _imports(code: str) -> str:
    """What of datetime the code uses; it always uses lengths of time."""
    found = ["UTC"] if "tzinfo=UTC" in code else []
    found += ["datetime"] if "datetime(" in code.replace("to_datetime(", "") else []
    decode = "\nfrom urllib.parse import unquote_plus" if "map_batches(decoded" in code else ""
    return f"from datetime import {', '.join([*found, 'timedelta'])}{decode}"
