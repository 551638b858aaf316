"""The rules of a session definition in words: what each is called, what it does, where in the order it acts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from explorer.crossfilter.formats import count_text
from explorer.engine.local.editors.rule_effects import Totals
from explorer.spec.expression.clause import Clause
from explorer.spec.expression.clause_words import clause_words
from explorer.spec.expression.muted import active
from explorer.spec.prose import NEVER, metric_sentence
from explorer.spec.session import SessionDefinition
from widgets.definition.rules import Group, Row

EDIT_METRIC = [
    ("open", "Edit"),
    ("duplicate", "Duplicate"),
    ("up", "Move up"),
    ("down", "Move down"),
    ("remove", "Delete"),
]


@dataclass(frozen=True)
class Role:
    """One rule: the short word in the list, the editor's title and sentence, and what is said when it is not set."""

    key: str
    label: str
    title: str
    sentence: str
    none: str = "none"
    action: str = "Apply"


ROLES = {
    role.key: role
    for role in (
        Role(
            "where",
            "Events",
            "Events considered",
            "Only these events exist for this definition. Others are left out before sessions are cut.",
            "all",
        ),
        Role(
            "split_by",
            "Split by",
            "Split by",
            "An actor's events are cut separately for each value: a session never mixes two of them.",
        ),
        Role("restart", "Restart", "Restart", "An event that matches opens a new session and belongs to it."),
        Role("end", "End", "End", "An event that matches closes its session. The next event opens a new one."),
        Role(
            "boundary",
            "Exactly",
            "A gap of exactly the inactivity",
            "Whether it still belongs to the session. Tools differ here, and few say how.",
            "same session",
        ),
        Role(
            "max_duration",
            "At most",
            "Longest duration",
            "A session that would last longer is cut, and the clock starts anew.",
            "any length",
        ),
        Role("calendar", "Midnight", "Cut at midnight", "A session ends at midnight in this time zone."),
        Role(
            "keep",
            "Sessions",
            "Sessions kept",
            "Whole sessions are shown only if they match. Nothing is cut anew; session numbers stay.",
            "all",
        ),
    )
}
STAGES = {
    "Before cutting": ("where", "split_by"),
    "Cutting": ("restart", "end", "boundary", "max_duration", "calendar"),
    "After cutting": ("keep",),
}
PRESET = Role(
    "preset",
    "Preset",
    "Count like another tool",
    "Takes over that tool's rules for cutting. Filters, metrics and sessions kept stay.",
)
METRIC = Role("metric", "Metric", "Metric", "One value for every session.")
ADDED = Role("metric", "Metric", "A new metric", "One value for every session.", action="Add metric")
NEW_METRIC = "metric:"


def rule_text(definition: SessionDefinition, key: str) -> str:
    """A rule in a few words; empty where it is not set.

    >>> rule_text(SessionDefinition("visit", "30m", boundary=">="), "boundary")
    'new session'
    """
    value = getattr(definition, key)
    if key == "boundary":
        return "" if value == ">" else "new session"
    if isinstance(value, Clause):
        said = active(value)
        return "(muted)" if said in (None, NEVER) else clause_words(said)
    return ", ".join(value) if isinstance(value, tuple) else str(value or "")


def effect_text(key: str, before: Totals, after: Totals) -> str:
    """What a rule does to the totals: what it leaves out first, then the sessions.

    >>> effect_text("restart", Totals(100, 9, 500), Totals(112, 9, 500))
    '+12 sessions'
    """
    parts = []
    if after.events != before.events and key != "keep":
        parts.append(f"{signed(after.events - before.events)} events")
    if more := after.sessions - before.sessions:
        parts.append(f"{signed(more)} session{'' if abs(more) == 1 else 's'}")
    return " · ".join(parts) or "changes nothing"


def signed(number: int) -> str:
    """A difference with its sign.

    >>> signed(1200), signed(-3)
    ('+1,200', '−3')
    """
    return ("+" if number > 0 else "−" if number < 0 else "") + count_text(abs(number))


def groups(
    definition: SessionDefinition,
    effects: Mapping[str, tuple[Totals, Totals]],
    metric_effects: Mapping[str, str],
) -> list[Group]:
    """All rows of a definition; an effect that is not known yet is left out."""
    found: list[Group] = [
        Group(title=title, rows=[_rule(definition, key, effects) for key in keys]) for title, keys in STAGES.items()
    ]
    found[1]["add"] = (PRESET.key, "Count like another tool")
    metrics = [
        Row(
            key=f"{NEW_METRIC}{metric.name}",
            label=metric.name,
            text=_upper(metric_sentence(metric).removeprefix(f"{metric.name}: ").removesuffix(".")),
            none="",
            effect=metric_effects.get(metric.name, ""),
            tone="",
            help=f"{definition.name}.{metric.name}",
            actions=EDIT_METRIC,
        )
        for metric in definition.metrics
    ]
    return [*found, Group(title="Metrics, one value per session", rows=metrics, add=(NEW_METRIC, "Add a metric"))]


def _rule(definition: SessionDefinition, key: str, effects: Mapping[str, tuple[Totals, Totals]]) -> Row:
    role, text = ROLES[key], rule_text(definition, key)
    effect = effect_text(key, *effects[key]) if key in effects else ""
    return Row(
        key=key,
        label=role.label,
        text=text,
        none=role.none,
        effect=effect,
        tone="warning" if effect == "changes nothing" else "",
        help=role.sentence,
        actions=[("open", "Edit"), ("remove", "Remove")] if text else [],
    )


def _upper(text: str) -> str:
    return text[:1].upper() + text[1:]
