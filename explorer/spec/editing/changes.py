"""What an edit changed, in a few words."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import fields
from typing import Any, TypeVar

from explorer.spec.analysis import Analysis
from explorer.spec.charts.chart import Chart
from explorer.spec.charts.kinds import kind_of
from explorer.spec.cohort import Cohort
from explorer.spec.context.annotation import Annotation
from explorer.spec.context.link import Link
from explorer.spec.document import Spec, flat
from explorer.spec.metric import ActorMetric, Metric
from explorer.spec.session import SessionDefinition

LONG = 32
T = TypeVar("T", SessionDefinition, Metric, ActorMetric, Cohort, Link)


def said(before: Analysis, after: Analysis) -> str:
    """What is different in `after`; empty only when nothing is.

    >>> one = Analysis({"actor": "user", "time": "ts"}, [{"name": "visit", "inactivity": "30m"}])
    >>> said(one, one.with_session(one.sessions[0].replace(inactivity="45m")))
    'inactivity of visit 30m to 45m'
    """
    first, *more = [*_all(before, after), ""]
    others = len(more) - 1
    return f"{first}, and {others} more change{'s' if others > 1 else ''}" if others > 0 else first


def _all(before: Analysis, after: Analysis) -> Iterator[str]:
    renamed = dict(_renamed(before.sessions, after.sessions))
    yield from _named(before.sessions, after.sessions, "session definition", "", _definition)
    cohorts = [one.replace(session=renamed.get(one.session, one.session)) for one in before.cohorts]
    yield from _named(cohorts, after.cohorts, "cohort", "", _cohort)
    yield from _charts([_under(chart, renamed) for chart in before.charts], after.charts)
    yield from _fields(before.columns, after.columns, "the events")
    yield from _named(
        before.links, after.links, "link", "", lambda one, other: _fields(one, other, other.name, ("name",))
    )
    yield from _annotations(before.annotations, after.annotations)
    apart = ("columns", "sessions", "cohorts", "charts", "links", "annotations")
    yield from _fields(before, after, "the analysis", apart)


def _definition(before: SessionDefinition, after: SessionDefinition) -> Iterator[str]:
    yield from _fields(before, after, after.name, apart=("name", "metrics", "actor_metrics"))
    for field, what in (("metrics", "metric"), ("actor_metrics", "actor metric")):
        yield from _named(
            getattr(before, field),
            getattr(after, field),
            what,
            f" of {after.name}",
            lambda one, other: _fields(one, other, f"{after.name}.{other.name}", apart=("name",)),
        )


def _link(before: Link, after: Link) -> Iterator[str]:
    yield from _fields(before, after, after.name, apart=("name",))


def _cohort(before: Cohort, after: Cohort) -> Iterator[str]:
    yield from _fields(before, after, after.name, apart=("name",))


def _named(
    before: Sequence[T], after: Sequence[T], what: str, of: str, inside: Callable[[T, T], Iterator[str]]
) -> Iterator[str]:
    """Differences of two lists whose members are known by their names."""
    renamed = dict(_renamed(before, after))
    kept = {renamed.get(one.name, one.name): one for one in before}
    names = [one.name for one in after]
    for old, new in renamed.items():
        yield f"{what} {_short(old)}{of} renamed to {_short(new)}"
    for name in kept:
        if name not in names:
            yield f"{what} {_short(name)}{of} removed"
    for name in names:
        if name not in kept:
            yield f"{what} {_short(name)}{of} added"
    if [name for name in kept if name in names] != [name for name in names if name in kept]:
        yield f"{what}s{of} in another order"
    for one in after:
        if one.name in kept:
            yield from inside(kept[one.name], one)


def _renamed(before: Sequence[T], after: Sequence[T]) -> Iterator[tuple[str, str]]:
    """Old and new names: a name that is gone, and a new one in its place."""
    if len(before) == len(after):
        old_names, new_names = {one.name for one in before}, {one.name for one in after}
        for old, new in zip(before, after, strict=True):
            if old.name not in new_names and new.name not in old_names:
                yield old.name, new.name


def _charts(before: Sequence[Chart], after: Sequence[Chart]) -> Iterator[str]:
    gone = list((Counter(before) - Counter(after)).elements())
    come = list((Counter(after) - Counter(before)).elements())
    if len(gone) == len(come) == 1 and _title(gone[0]) == _title(come[0]):
        yield from _fields(gone[0], come[0], f"chart {_title(come[0])}")
    elif len(gone) == len(come) == 1:
        yield f"chart {_title(gone[0])} to {_title(come[0])}"
    else:
        yield from (f"chart {_title(chart)} removed" for chart in gone)
        yield from (f"chart {_title(chart)} added" for chart in come)
    if [chart for chart in before if chart not in gone] != [chart for chart in after if chart not in come]:
        yield "charts in another order"


def _annotations(before: Sequence[Annotation], after: Sequence[Annotation]) -> Iterator[str]:
    """
    >>> list(_annotations([], [Annotation("2026-03-01", "New checkout")]))
    ['note New checkout added']
    """
    gone, come = (Counter(one) - Counter(other) for one, other in ((before, after), (after, before)))
    yield from (f"note {_short(each.text)} removed" for each in gone.elements())
    yield from (f"note {_short(each.text)} added" for each in come.elements())
    if before != after and not gone and not come:
        yield "notes in another order"


def _fields(before: Spec, after: Spec, of: str, apart: tuple[str, ...] = ()) -> Iterator[str]:
    for field in fields(after):
        old, new = getattr(before, field.name), getattr(after, field.name)
        if field.name not in apart and old != new:
            yield _field(field.name.replace("_", " "), _short(of), _text(old), _text(new))


def _field(name: str, of: str, old: str, new: str) -> str:
    if not new:
        return f"{name} of {of} removed"
    return f"{name} of {of} {_short(old)} to {_short(new)}" if old else f"{name} of {of} set to {_short(new)}"


def _under(chart: Chart, renamed: dict[str, str]) -> Chart:
    return chart.replace(session=renamed.get(chart.session, chart.session))


def _title(chart: Chart) -> str:
    return _short(kind_of(chart).about(chart))


def _text(value: Any) -> str:
    if isinstance(value, Spec):
        return ", ".join(f"{name} {said}" for name, said in flat(value.plain()).items())
    return ", ".join(map(str, value)) if isinstance(value, tuple) else "" if value is None else str(value)


def _short(text: str) -> str:
    return text if len(text) <= LONG else f"{text[: LONG - 1].rstrip()}…"
