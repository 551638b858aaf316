"""What the dimensions of a definition's sessions read of it."""

from explorer.crossfilter.bins.binning import Binning, Dimensions
from explorer.engine import keys
from explorer.errors import SpecError
from explorer.spec.charts.dimension import Dimension
from explorer.spec.charts.sequences.returns import OF_FIRST
from explorer.spec.expression.clause import columns, parse_value
from explorer.spec.needed import actors_asked, measured_by
from explorer.spec.session import SessionDefinition


def coded_key(definition: SessionDefinition, dimensions: Dimensions) -> keys.Key:
    """What they all read of a definition."""
    read = tuple(dimension_key(definition, name, binning) for name, binning in dimensions.items())
    return read or keys.shown_key(definition)


def dimension_key(definition: SessionDefinition, name: str, binning: Binning) -> keys.Key:
    """What one dimension reads of a definition: the sessions that are shown, and its own metrics.

    >>> visit = SessionDefinition("visit", "30m")
    >>> more = visit.replace(metrics=[{"name": "pages", "aggregate": "n_unique", "column": "page"}])
    >>> one, other = (dimension_key(each, "duration", Binning()) for each in (visit, more))
    >>> one == other
    True
    """
    column = Dimension.parse(name.removesuffix(OF_FIRST)).column
    names = [each.removeprefix(f"{definition.name}.") for each in (name, *_columns(column))]
    read = actors_asked(definition, names), measured_by(definition, names)
    returning = () if binning.returns is None else keys.clause_key(definition, binning.returns.where)
    return (*keys.shown_key(definition), names[0], *read, binning, returning)


def _columns(text: str) -> tuple[str, ...]:
    """A column by its name, or those that an expression asks."""
    try:
        return (text, *columns(parse_value(text)))
    except SpecError:
        return (text,)
