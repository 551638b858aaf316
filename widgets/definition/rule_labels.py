"""The rules of a session definition in words: what each is called, what it does, where in the order it acts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from explorer.crossfilter.formats import count_text
from explorer.engine.answers.trial import Totals
from explorer.spec.cohort import Cohort
from explorer.spec.expression.clause import Clause
from explorer.spec.expression.clause_words import clause_words
from explorer.spec.expression.muted import active
from explorer.spec.prose import actor_metric_sentence, metric_sentence
from explorer.spec.rules import NEVER, RULES, Rule
from explorer.spec.session import SessionDefinition
from widgets.definition.rules import Group, Row

EDIT_METRIC = [
    ("open", "Edit"),
    ("duplicate", "Duplicate"),
    ("up", "Move up"),
    ("down", "Move down"),
    ("chart", "Chart it"),
    ("remove", "Delete"),
]
EDIT_COHORT = [("open", "Edit"), ("chart", "Chart it"), ("remove", "Delete")]


@dataclass(frozen=True)
class Role:
    """What the workbench says of what is edited: its title and sentence, and the words of the button."""

    key: str
    title: str
    sentence: str
    action: str = "Apply"


ROLES = {rule.field: Role(rule.field, rule.title, rule.help) for rule in RULES}
PRESET = Role(
    "preset",
    "Use another tool's rules",
    "Takes over that tool's rules for cutting. Filters, metrics and sessions kept stay.",
)
METRIC = Role("metric", "Metric", "One value for every session.")
ADDED = Role("metric", "A new metric", "One value for every session.", action="Add metric")
OF_ACTORS = Role("actor metric", "Actor metric", "One value for every actor, from the sessions of this definition.")
ADDED_OF_ACTORS = Role("actor metric", "A new actor metric", OF_ACTORS.sentence, action="Add actor metric")
COHORT = Role("cohort", "Cohort", "Actors who meet a condition, under a name that every definition can ask.")
ADDED_COHORT = Role("cohort", "A new cohort", COHORT.sentence, action="Add cohort")
NEW_COHORT = "cohort:"
# What stands before the name in the key of a metric's row; without a name, the one that is added.
NEW_METRIC, NEW_ACTOR_METRIC = "metric:", "actor metric:"


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
    exist = after.events + after.outside - before.events - before.outside
    if exist and key != "keep":
        parts.append(f"{signed(exist)} events")
    if more := after.outside - before.outside:
        parts.append(f"{signed(more)} outside")
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
    cohorts: Sequence[Cohort] = (),
) -> list[Group]:
    """All rows of a definition, and the cohorts of the analysis; an effect that is not known yet is left out."""
    stages = dict.fromkeys(rule.stage for rule in RULES)
    found: list[Group] = [
        Group(title=stage, rows=[_rule(definition, rule, effects) for rule in RULES if rule.stage == stage])
        for stage in stages
    ]
    found[1]["add"] = (PRESET.key, PRESET.title)
    metrics = [
        _metric(NEW_METRIC, each.name, metric_sentence(each), metric_effects, f"{definition.name}.{each.name}")
        for each in definition.metrics
    ]
    of_actors = [
        _metric(NEW_ACTOR_METRIC, each.name, actor_metric_sentence(each), metric_effects, f"{each.name} of each actor")
        for each in definition.actor_metrics
    ]
    return [
        *found,
        Group(title="Metrics, one value per session", rows=metrics, add=(NEW_METRIC, "Add a metric")),
        Group(
            title="Actor metrics, one value per actor", rows=of_actors, add=(NEW_ACTOR_METRIC, "Add an actor metric")
        ),
        Group(
            title="Cohorts, named conditions on actors",
            rows=[_cohort(each, metric_effects) for each in cohorts],
            add=(NEW_COHORT, "Add a cohort"),
        ),
    ]


def _cohort(cohort: Cohort, effects: Mapping[str, str]) -> Row:
    said = active(cohort.where)
    return Row(
        key=f"{NEW_COHORT}{cohort.name}",
        label=cohort.name,
        text=f"{clause_words(said) if said else 'everybody'}, in {cohort.session}",
        none="",
        effect=effects.get(cohort.name, ""),
        tone="",
        help=str(cohort.where),
        actions=EDIT_COHORT,
    )


def _metric(key: str, name: str, sentence: str, effects: Mapping[str, str], help: str) -> Row:
    return Row(
        key=f"{key}{name}",
        label=name,
        text=_upper(sentence.removeprefix(f"{name}: ").removesuffix(".")),
        none="",
        effect=effects.get(name, ""),
        tone="",
        help=help,
        actions=EDIT_METRIC,
    )


def _rule(definition: SessionDefinition, rule: Rule, effects: Mapping[str, tuple[Totals, Totals]]) -> Row:
    key, text = rule.field, rule_text(definition, rule.field)
    effect = effect_text(key, *effects[key]) if key in effects else ""
    return Row(
        key=key,
        label=rule.label.format(inactivity=definition.inactivity),
        text=text,
        none=rule.none,
        effect=effect,
        tone="warning" if effect == "changes nothing" else "",
        help=rule.help,
        actions=[("open", "Edit"), ("remove", "Remove")] if text else [],
    )


def _upper(text: str) -> str:
    return text[:1].upper() + text[1:]
