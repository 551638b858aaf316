"""The dimensions by which groups of sessions are compared, remembered where all dimensions are."""

from __future__ import annotations

from functools import partial

from explorer.crossfilter.bins.binning import AUTOMATIC
from explorer.engine import keys
from explorer.engine.local.coded.coded_keys import dimension_key
from explorer.engine.local.coded.dimensions import dimension
from explorer.engine.local.coded.multivalued import is_of_several, several
from explorer.engine.local.different.traits import Held
from explorer.engine.local.session_table import SessionTable


def compared_by(sessions: SessionTable, name: str) -> Held:
    """A dimension in bins, whatever its kind; raises SpecError where it cannot be computed."""
    key = dimension_key(sessions.definition, name, AUTOMATIC)
    return sessions.stages.get("compared by", key, partial(_held, sessions, name, key))


def _held(sessions: SessionTable, name: str, key: keys.Key) -> Held:
    if is_of_several(sessions, name):
        many = sessions.stages.get("several", key, partial(several, sessions, name, AUTOMATIC))
        return Held(many.bins, many.places, many.places, sessions=many.sessions)
    one = sessions.stages.get("dimension", key, partial(dimension, sessions, name, AUTOMATIC))
    return Held(one.bins, one.values, one.codes, one.per_actor)
