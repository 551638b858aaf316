"""Code that cannot say who belongs to a cohort, and says so."""

from __future__ import annotations

from explorer.engine.engine import Engine
from explorer.errors import EngineError
from explorer.spec.expression.clause import Clause, columns
from explorer.spec.needed import columns_read
from explorer.spec.session import SessionDefinition


def without_cohorts(
    engine: Engine, definition: SessionDefinition, language: str, selected: Clause | None = None
) -> Engine:
    """The engine whose events know no cohorts; raises EngineError where the definition or the selection asks one."""
    read = columns_read(definition) | set(columns(selected))
    plain = {name.removeprefix(f"{definition.name}.") for name in read}
    asked = next((name for name in engine.cohorts if name in plain), None)
    if asked is not None:
        raise EngineError(
            f"{language} does not say who belongs to a cohort yet, and {definition.name} asks '{asked}'. The Python "
            "code does, with this package."
        )
    return engine.without_cohorts()
