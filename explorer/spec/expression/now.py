"""What `now()` is: a time that the analysis says, the last event by default."""

from datetime import UTC, datetime, timedelta
from typing import TypeVar

from explorer.spec.expression.tree import Call, Cast, Constant, Node, mapped, parts

EPOCH = datetime(1970, 1, 1)
NOW = Call("now")
N = TypeVar("N", bound=Node)


def asks_now(node: Node | None) -> bool:
    """Whether a condition or a value depends on what now is.

    >>> from explorer.spec.expression.clause import parse
    >>> asks_now(parse("start >= now() - '28d'")), asks_now(parse("start >= '2024-03-01'"))
    (True, False)
    """
    return node is not None and any(part == NOW for part in parts(node))


def settled(node: N, us: int, aware: bool) -> N:
    """The same with now as the time that it is, in microseconds since 1970.

    >>> from explorer.spec.expression.clause import parse
    >>> settled(parse("start >= now() - '1d'"), 0, aware=False)
    parse("start >= CAST('1970-01-01 00:00:00' AS TIMESTAMP) - '1d'")
    """
    if not asks_now(node):
        return node
    time = EPOCH + timedelta(microseconds=us)
    said = (time.replace(tzinfo=UTC) if aware else time).isoformat(" ")
    now = Cast(Constant(said), "instant" if aware else "time")
    return mapped(node, lambda part: now if part == NOW else None)
