"""Reading YAML that anybody may have written: bounded in size, nesting and aliases before anything is built of it."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import yaml

from explorer.errors import SpecError, located, outside

MOST_CHARACTERS = 2_000_000
MOST_NESTED = 150
# An alias counts as all that it stands for.
MOST_VALUES = 300_000
HALF = re.compile("[\ud800-\udfff]")

_Base: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class _Loader(_Base):
    """Says where a number or a time stands that is none."""


def _place(mark: Any) -> str:
    return f"line {mark.line + 1}, column {mark.column + 1}" if mark else "the document"


def _problem_place(mark: Any, text: str) -> str:
    """Where a reader stopped: the last line of a text that ends too early, not the one after it."""
    lines = text.splitlines()
    if mark and lines and mark.line >= len(lines):
        return f"line {len(lines)}, column {len(lines[-1]) + 1}"
    return _place(mark)


def _said(tag: str, what: str) -> None:
    build = yaml.SafeLoader.yaml_constructors[tag]

    def construct(loader: Any, node: Any) -> Any:
        try:
            return build(loader, node)
        except (ValueError, OverflowError, AttributeError):
            with located(_place(node.start_mark)):
                raise SpecError(f"'{node.value}' cannot be read as {what}. Put a text in quotes.") from None

    _Loader.add_constructor(tag, construct)


_said("tag:yaml.org,2002:timestamp", "a time")
_said("tag:yaml.org,2002:int", "a number")
_said("tag:yaml.org,2002:float", "a number")


def plain_values(text: str) -> Any:
    """Dicts, lists, texts and numbers of a YAML or JSON text; raises SpecError that names the place.

    >>> plain_values("sessions: [{name: visit, inactivity: 30m}]")
    {'sessions': [{'name': 'visit', 'inactivity': '30m'}]}
    """
    if not isinstance(text, str):
        raise SpecError("A document is a text of YAML or JSON.")
    if len(text) > MOST_CHARACTERS:
        raise SpecError(f"The document has {len(text):,} characters. At most {MOST_CHARACTERS:,} are read.")
    with outside("This document"), _told(text):
        _measure(text)
        return yaml.load(text, Loader=_Loader)


@contextmanager
def _told(text: str) -> Iterator[None]:
    try:
        yield
    except yaml.YAMLError as error:
        with located(_problem_place(getattr(error, "problem_mark", None), text)):
            raise SpecError(f"This is not YAML: {getattr(error, 'problem', None) or error}.") from None


def _measure(text: str) -> None:
    """Refuse what would grow beyond the limits, while it is only a stream of events."""
    total = 0
    weights: list[int] = []
    names: list[str | None] = []
    known: dict[str, int] = {}
    for event in yaml.parse(text, Loader=_Base):
        with located(_place(event.start_mark)):
            weight = 0
            if isinstance(event, yaml.CollectionStartEvent):
                if len(weights) >= MOST_NESTED:
                    raise SpecError(f"It is nested more than {MOST_NESTED} deep. Write it flatter.")
                total += 1
                weights.append(1)
                names.append(event.anchor)
            elif isinstance(event, yaml.CollectionEndEvent):
                weight, name = weights.pop(), names.pop()
                if name:
                    known[name] = weight
            elif isinstance(event, yaml.AliasEvent):
                if event.anchor in names:
                    raise SpecError(f"The alias '{event.anchor}' stands inside what it is an alias of.")
                weight = known.get(event.anchor or "", 1)
            elif isinstance(event, yaml.ScalarEvent):
                weight = 1
                if event.anchor:
                    known[event.anchor] = 1
                if HALF.search(event.value):
                    raise SpecError("A text holds half a character. Write it again.")
            if not isinstance(event, yaml.CollectionEndEvent):
                total += weight
            if weights:
                weights[-1] += weight
            if total > MOST_VALUES:
                raise SpecError(f"With all its aliases it has more than {MOST_VALUES:,} values. Write fewer.")
