"""What the inactivity studio shows and says, from what every choice would come to."""

from __future__ import annotations

from typing import Any

import numpy as np

from explorer.crossfilter.formats import count_text, duration_text, percent_text
from explorer.engine.answers.heartbeat import Heartbeat, heartbeat_sentence
from explorer.engine.answers.inactivity import FORCING, Choice, Choices
from explorer.spec.duration import Duration
from explorer.spec.presets import PRESETS
from explorer.spec.rules import BY_FIELD, RULES
from explorer.spec.session import SessionDefinition
from widgets.views.inactivity.studio import Canvas

PASSIVE = "Data quality makes them passive in one click."
# The rules that see a session as it was cut so far.
LOOKING_BACK = ("opens_with", "restart_on_change", "max_duration", "max_events")
# The lengths that are marked below the axis, for comparison.
MARKED = ("5m", "15m", "30m", "1h", "1d")


def canvas(choices: Choices, definition: SessionDefinition, actor: str, beats: tuple[Heartbeat, ...] = ()) -> Canvas:
    """All that does not move with the line."""
    evidence = choices.evidence
    curve = evidence.curve
    heights = _heights(choices)
    lows, highs = choices.edges[:-1].tolist(), choices.edges[1:].tolist()
    suggestion = evidence.suggestion
    return Canvas(
        axis={"low": choices.low, "high": choices.high},
        bars=tuple(zip(lows, highs, choices.counts.tolist(), heights, strict=True)),
        table={
            "lengths": choices.lengths.tolist(),
            "sessions": choices.sessions.tolist(),
            "near": choices.near.tolist(),
        },
        steps=_steps(choices),
        compared=compared(),
        gaps=len(curve.gaps),
        always=curve.always,
        of=_of(choices, definition, actor),
        exact=curve.exact,
        suggestion=str(suggestion or ""),
        reason=evidence.reason,
        notes=(*(f"{heartbeat_sentence(one)} {PASSIVE}" for one in beats), *notes(choices, definition, actor)),
    )


def answer(choice: Choice) -> dict[str, Any]:
    """One inactivity exactly, for the browser."""
    return {
        "text": str(choice.inactivity),
        "sessions": choice.sessions,
        "near": choice.near,
        "median": choice.median_duration,
        "share": choice.one_event_share,
    }


def compared() -> tuple[tuple[float, str, str], ...]:
    """The inactivity of other tools, each length once: microseconds, its text, and who counts so."""
    found = []
    for text in MARKED:
        who = [preset.name for preset in PRESETS if preset.inactivity == text]
        found.append((Duration.parse(text).us, text, f"{text}: {', '.join(who)}" if who else f"{text}, for comparison"))
    return tuple(found)


def notes(choices: Choices, definition: SessionDefinition, actor: str) -> list[str]:
    """What the picture does not show by itself, in sentences."""
    evidence, said = choices.evidence, []
    curve = evidence.curve
    total = len(curve.gaps)
    if not choices.firsts:
        said.append("There is no event that this definition looks at.")
    elif not total:
        said.append(f"Every event of the same {actor} begins a session anyway: the inactivity decides nothing.")
    if evidence.at_once:
        share = percent_text(evidence.at_once / total)
        said.append(
            f"{_counted(evidence.at_once, 'gap')} ({share}) {_is(evidence.at_once)} exactly 0, of events at the "
            "same moment: never the end of a session, and no bar here."
        )
    if choices.shorter:
        said.append(
            f"{_counted(choices.shorter, 'gap')} {_is(choices.shorter)} too short for the axis, which begins at "
            f"{duration_text(choices.low)}."
        )
    if choices.forced:
        rules = [name for name in FORCING if getattr(definition, name) is not None]
        said.append(
            f"{_counted(choices.firsts + choices.forced, 'session')} begin whatever the inactivity: "
            f"{count_text(choices.firsts)} with a first event, {count_text(choices.forced)} by {' or '.join(rules)}. "
            f"The gaps before these {_counted(choices.forced, 'event')} decide nothing and are not counted."
        )
    if not curve.exact:
        said.append(_looking_back(definition))
    if definition.keep is not None:
        said.append("All numbers here are of the sessions before the condition that keeps only some of them.")
    return said


def _looking_back(definition: SessionDefinition) -> str:
    others = [rule.label for rule in RULES if rule.field in LOOKING_BACK and getattr(definition, rule.field)]
    if others == [BY_FIELD["max_duration"].label]:
        return (
            f"Sessions of more than {definition.max_duration} are cut once more, which only adds sessions: the numbers "
            "of sessions here are the least there can be. Median and one-event share are those before that cut."
        )
    rules = " and ".join(f"'{label}'" for label in others)
    return (
        f"What {rules} does depends on the sessions that the inactivity leaves. The line of sessions looks at each gap "
        "alone and may be off; what is said of a chosen inactivity is exact."
    )


def _of(choices: Choices, definition: SessionDefinition, actor: str) -> str:
    gaps = choices.evidence.curve.gaps
    who = " and ".join([f"the same {actor}", *(definition.split_by or ())])
    where = " that this definition looks at" if definition.where is not None else ""
    counted = _counted(len(gaps), "gap")
    return f"How long are the gaps? {counted} between one event and the next of {who}{where}."


def _heights(choices: Choices) -> list[float]:
    """Frequencies per ratio, as shares of the highest: bars need not be equally wide."""
    density = choices.counts / np.diff(np.log(choices.edges))
    highest = density.max() if len(density) else 0
    return [round(float(height), 4) for height in density / highest] if highest else [0.0] * len(density)


def _steps(choices: Choices) -> dict[str, list[Any]]:
    frame = choices.evidence.steps
    lengths = frame["inactivity"].dt.total_microseconds().to_list()
    known = dict(
        zip(
            lengths,
            zip(frame["one_event_share"], frame["median_duration"].dt.total_microseconds(), strict=True),
            strict=True,
        )
    )
    found = [known.get(step, (None, None)) for step in choices.steps]
    return {
        "lengths": list(choices.steps),
        "texts": [str(Duration(step)) for step in choices.steps],
        "share": [share for share, _ in found],
        "median": [median for _, median in found],
    }


def _counted(number: int, word: str) -> str:
    return f"{count_text(number)} {word}{'' if number == 1 else 's'}"


def _is(number: int) -> str:
    return "is" if number == 1 else "are"
