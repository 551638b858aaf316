"""Patterns of events: `add_to_cart -> [^purchase]+ $`, as a tree over the elements that tell events apart."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from explorer.errors import SpecError, as_text, quoted
from explorer.spec.expression import clause as clauses
from explorer.spec.expression.clause import Clause

MOST_ELEMENTS, MOST_TIMES, LONGEST, DEEPEST = 60, 100, 2_000, 30
MARKS = frozenset("()[]{}|*+?^$,'\"")
REPEATS = {"*": (0, None), "+": (1, None), "?": (0, 1)}


@dataclass(frozen=True)
class One:
    """One event, of these elements, by their places in the pattern; with `negated` of none of them."""

    elements: tuple[int, ...]
    negated: bool = False


@dataclass(frozen=True)
class Gap:
    """Any number of events, as few as can be: what lies between `a .. b`."""


@dataclass(frozen=True)
class Edge:
    """Before the session's first event, or after its last."""

    last: bool


@dataclass(frozen=True)
class Row:
    """One part right after the other."""

    parts: tuple[Node, ...]


@dataclass(frozen=True)
class Choice:
    """One of the parts: the first that leads to a match."""

    parts: tuple[Node, ...]


@dataclass(frozen=True)
class Repeat:
    """A part so many times right after itself, as often as can be; `most` None is any number."""

    part: Node
    least: int
    most: int | None


Node = One | Gap | Edge | Row | Choice | Repeat
Element = str | Clause


@dataclass(frozen=True)
class Pattern:
    """Which events follow each other in a session.

    Its `elements` are values of the event column, or conditions on events; an event is of the first element that it
    matches, or of none. A match begins as early as can be, then takes the first of alternatives, `*`, `+` and `?` as
    often as can be, and `..` as few events as can be. It holds at least one event.

    >>> pattern = Pattern.parse("view -> (add | {amount > 10})+ .. buy")
    >>> [str(element) for element in pattern.elements]
    ['view', 'add', 'amount > 10', 'buy']
    """

    text: str
    elements: tuple[Element, ...] = field(compare=False)
    tree: Node = field(compare=False)

    def __str__(self) -> str:
        return self.text

    @classmethod
    def parse(cls, said: Any) -> Pattern:
        """Read a text; raises SpecError that says where it cannot be read."""
        if isinstance(said, Pattern):
            return said
        text = as_text(said).strip()
        if len(text) > LONGEST:
            raise SpecError(f"A pattern has at most {LONGEST:,} characters, this has {len(text):,}.")
        reader = _Reader(text)
        tree = reader.choice(0)
        if reader.at < len(text):
            raise reader.wrong("has no -> or .. or |")
        if not least(tree):
            raise SpecError(
                f"`{text}` can match no event at all. Let one of its elements be needed: write + instead of *, or "
                "leave the ? out."
            )
        return cls(text, tuple(reader.elements), tree)

    @property
    def values(self) -> tuple[str, ...]:
        """The values of the event column among its elements."""
        return tuple(element for element in self.elements if isinstance(element, str))

    @property
    def conditions(self) -> tuple[Clause, ...]:
        """The conditions on events among them."""
        return tuple(element for element in self.elements if not isinstance(element, str))

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns that its conditions read."""
        return tuple(dict.fromkeys(name for each in self.conditions for name in clauses.columns(each)))


def written(value: str) -> str:
    """A value of the event column as it stands in a pattern.

    >>> written("view"), written("add to cart"), written("it's")
    ('view', "'add to cart'", "'it''s'")
    """
    plain = value and not any(sign.isspace() or sign in MARKS for sign in value)
    return value if plain and "->" not in value and ".." not in value else "'" + value.replace("'", "''") + "'"


def least(node: Node) -> int:
    """The fewest events of a match.

    >>> least(Pattern.parse("a{2,5} .. b").tree)
    3
    """
    match node:
        case One():
            return 1
        case Row(parts):
            return sum(map(least, parts))
        case Choice(parts):
            return min(map(least, parts))
        case Repeat(part, times, _):
            return least(part) * times
    return 0


class _Reader:
    """Reads a pattern from left to right."""

    def __init__(self, text: str) -> None:
        self.text, self.at = text, 0
        self.elements: list[Element] = []

    def wrong(self, what: str) -> SpecError:
        """What is wrong where it is read."""
        rest = self.text[self.at :].strip()
        where = f"before {quoted(rest)}" if rest else "at the end"
        return SpecError(f"The pattern `{self.text}` {what} {where}. Write it as in: view -> add_to_cart .. buy $")

    def sees(self, mark: str) -> bool:
        """Whether this comes next, which is passed then."""
        while self.at < len(self.text) and self.text[self.at].isspace():
            self.at += 1
        if not self.text.startswith(mark, self.at):
            return False
        self.at += len(mark)
        return True

    def next_is(self, marks: str) -> bool:
        """Whether one of these signs comes next."""
        self.sees("")
        return self.at < len(self.text) and self.text[self.at] in marks

    def choice(self, depth: int) -> Node:
        if depth > DEEPEST:
            raise self.wrong("is nested too deep")
        parts = [self.row(depth)]
        while self.sees("|"):
            parts.append(self.row(depth))
        return parts[0] if len(parts) == 1 else Choice(tuple(parts))

    def row(self, depth: int) -> Node:
        parts: list[Node] = []
        if self.sees("^"):
            parts.append(Edge(last=False))
        while True:
            parts.append(self.repeated(depth))
            if self.sees("->"):
                continue
            if self.sees(".."):
                parts.append(Gap())
                continue
            break
        if self.sees("$"):
            parts.append(Edge(last=True))
        return parts[0] if len(parts) == 1 else Row(tuple(parts))

    def repeated(self, depth: int) -> Node:
        part = self.atom(depth)
        while (times := self.times()) is not None:
            if not least(part):
                raise self.wrong("repeats what may be no event at all")
            part = Repeat(part, *times)
        return part

    def times(self) -> tuple[int, int | None] | None:
        for mark, times in REPEATS.items():
            if self.sees(mark):
                return times
        end = self.text.find("}", self.at)
        if not self.next_is("{") or end < 0:
            return None
        low, comma, high = (part.strip() for part in self.text[self.at + 1 : end].partition(","))
        if not all(part.isascii() and (part.isdigit() or not part) for part in (low, high)) or not (low or high):
            return None
        if max(int(low or 0), int(high or 0)) > MOST_TIMES:
            raise self.wrong(f"repeats more than {MOST_TIMES} times")
        first, last = int(low or 0), (int(high) if high else None) if comma else int(low)
        if last is not None and (last < first or not last):
            raise self.wrong("has a repeat that ends before it begins")
        self.at = end + 1
        return first, last

    def atom(self, depth: int) -> Node:
        if self.sees("("):
            found = self.choice(depth + 1)
            if not self.sees(")"):
                raise self.wrong("needs a )")
            return found
        if self.sees("["):
            negated = self.sees("^")
            elements = [self.element()]
            while self.sees(","):
                elements.append(self.element())
            if not self.sees("]"):
                raise self.wrong("needs a ]")
            return One(tuple(dict.fromkeys(elements)), negated)
        return One((self.element(),))

    def element(self) -> int:
        """The place of an element, which is new where it has not been read before."""
        found: Element
        if self.sees("{"):
            found = self.condition()
        elif self.next_is("'\""):
            found = self.quoted_value()
        else:
            found = self.word()
        if found not in self.elements:
            if len(self.elements) == MOST_ELEMENTS:
                raise SpecError(
                    f"A pattern tells at most {MOST_ELEMENTS} kinds of events apart. Make one condition of some."
                )
            self.elements.append(found)
        return self.elements.index(found)

    def condition(self) -> Clause:
        """The text up to the bracket that closes it, which none inside quotes does."""
        begin, inside = self.at, ""
        while self.at < len(self.text):
            sign = self.text[self.at]
            self.at += 1
            if inside:
                inside = "" if sign == inside else inside
            elif sign in "'\"":
                inside = sign
            elif sign == "}":
                found = clauses.optional(self.text[begin : self.at - 1].strip())
                if found is None:
                    raise self.wrong("has an empty condition")
                return found
        raise self.wrong("needs a }")

    def quoted_value(self) -> str:
        quote, begin = self.text[self.at], self.at
        end = self.at + 1
        while end < len(self.text):
            if self.text[end] == quote:
                if self.text[end + 1 : end + 2] != quote:
                    self.at = end + 1
                    return self.text[begin + 1 : end].replace(quote * 2, quote)
                end += 1
            end += 1
        raise self.wrong(f"needs a {quote}")

    def word(self) -> str:
        self.sees("")
        begin = self.at
        while self.at < len(self.text):
            sign = self.text[self.at]
            if sign.isspace() or sign in MARKS or self.text.startswith(("->", ".."), self.at):
                break
            self.at += 1
        if begin == self.at:
            raise self.wrong("needs an event")
        return self.text[begin : self.at]


def optional(said: Any) -> Pattern | None:
    """A pattern, or None of nothing."""
    return None if said is None or said == "" else Pattern.parse(said)
