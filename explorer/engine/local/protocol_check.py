"""The faces that the local engine shows: a type checker sees here that no question is missing."""

from explorer.engine.coded import Coded
from explorer.engine.cut import Cut
from explorer.engine.engine import Engine
from explorer.engine.local.coded.local_coded import LocalCoded
from explorer.engine.local.engine import LocalEngine
from explorer.engine.local.local_cut import LocalCut


def engine(local: LocalEngine) -> Engine:
    """Events in memory, as an engine."""
    return local


def cut(local: LocalCut) -> Cut:
    """A definition over them, as a cut."""
    return local


def coded(local: LocalCoded) -> Coded:
    """Its sessions in bins, as what is asked under a selection."""
    return local
