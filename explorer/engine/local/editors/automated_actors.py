"""Actors that look automated, as findings with something to look at."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress

from explorer.crossfilter.formats import many, percent_text
from explorer.engine.answers.mend import Mend
from explorer.engine.local.actors.automated import Automated, automated
from explorer.engine.local.cut.event_table import EventTable
from explorer.engine.local.session_table import SessionTable
from explorer.errors import ExplorerError
from explorer.spec.session import SessionDefinition

MOST_NAMED = 3


def automated_actors(
    events: EventTable,
    definitions: Sequence[SessionDefinition],
    found: Callable[[SessionDefinition], Sequence[Automated]] | None = None,
) -> Iterator[Mend]:
    """What looks automated in the first definition whose sessions it has; `found` says who does."""
    found = found or (lambda definition: automated(SessionTable(events, definition)))
    told = set[str]()
    for definition in definitions:
        with suppress(ExplorerError):  # what cannot be cut is said elsewhere
            for one in found(definition):
                key = f"automated {one.column}"
                if key not in told:
                    told.add(key)
                    where = f" In {definition.name}." if definition != definitions[0] else ""
                    action = "Look at them" if one.selection is not None else ""
                    yield Mend(
                        key,
                        f"{automated_sentence(one, len(events))}{where}",
                        action,
                        sessions=(definition.name,),
                        selection=one.selection,
                    )


def automated_sentence(one: Automated, events: int) -> str:
    """Who looks automated, and why.

    >>> automated_sentence(Automated(2, 60, "agent", ("curl/8", "AcornBot/1")), 100)
    "2 actors look automated (60.0 % of events): their agent is 'curl/8' or 'AcornBot/1'."
    >>> automated_sentence(Automated(1, 1_000), 10_000)
    '1 actor looks automated (10.0 % of events): its events come at one exact period.'
    """
    single = one.actors == 1
    share = percent_text(one.events / events)
    who = f"{many(one.actors, 'actor')} look{'s' if single else ''} automated ({share} of events)"
    if not one.column:
        return f"{who}: {'its' if single else 'their'} events come at one exact period."
    many_more = len(one.values) > MOST_NAMED + 1
    named = [f"'{value}'" for value in one.values[: MOST_NAMED if many_more else None]]
    if many_more:
        named.append(f"one of {len(one.values) - MOST_NAMED} others")
    said = " or ".join([", ".join(named[:-1]), named[-1]]) if len(named) > 1 else named[0]
    return f"{who}: {'its' if single else 'their'} {one.column} is {said}."
