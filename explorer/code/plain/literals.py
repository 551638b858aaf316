"""Pieces of Python code: times, lengths of time, brackets."""

from __future__ import annotations

from datetime import timedelta
from textwrap import wrap

from explorer.plan.literal import EPOCH

WIDTH = 100


def comment(text: str) -> str:
    """A text as comments: whatever it holds, no line of it is code.

    >>> print(comment("a\\nb"))
    # a b
    """
    plain = "".join(sign if sign.isprintable() else " " for sign in text)
    return "\n".join(f"# {line}" for line in wrap(plain, WIDTH) or [""])


def bracketed(code: str) -> str:
    """The code in brackets."""
    return f"({code})"


def length_code(length: timedelta) -> str:
    """A length of time.

    >>> length_code(timedelta(minutes=90)), length_code(timedelta(days=2, microseconds=1))
    ('timedelta(hours=1, minutes=30)', 'timedelta(days=2, microseconds=1)')
    """
    us = length // timedelta(microseconds=1)
    parts = []
    for unit, size in (("days", 86_400_000_000), ("hours", 3_600_000_000), ("minutes", 60_000_000), ("seconds", 10**6)):
        count, us = divmod(us, size)
        parts += [f"{unit}={count}"] if count else []
    parts += [f"microseconds={us}"] if us else []
    return f"timedelta({', '.join(parts)})"


def time_code(us: int, zone: str | None) -> str:
    """A time from microseconds since 1970; with a zone it is a moment.

    >>> time_code(0, None), time_code(0, "UTC")
    ('datetime(1970, 1, 1)', 'datetime(1970, 1, 1, tzinfo=UTC)')
    """
    time = EPOCH + timedelta(microseconds=us)
    parts = [time.year, time.month, time.day, time.hour, time.minute, time.second, time.microsecond]
    while len(parts) > 3 and not parts[-1]:
        parts.pop()
    said = ", ".join(map(str, parts))
    if zone is None:
        return f"datetime({said})"
    utc = f"datetime({said}, tzinfo=UTC)"
    return utc if zone == "UTC" else f'pl.lit({utc}).dt.convert_time_zone("{zone}")'


def assigned(name: str, code: str) -> str:
    """`name = code`, broken at its `&` or `|` where it is long.

    >>> print(assigned("where", "(" + " & ".join(["a" * 40] * 3) + ")"))  # doctest: +ELLIPSIS
    where = (
        aaa...
        & aaa...
        & aaa...
    )
    """
    line = f"{name} = {code}"
    if len(line) <= WIDTH or not code.startswith("("):
        return line
    parts = _parts(code)
    return line if len(parts) == 1 else "\n".join([f"{name} = (", *(f"    {part}" for part in parts), ")"])


def _parts(code: str) -> list[str]:
    """The parts of `(a & b & c)`, each after the first with its sign; the code itself where it is no such thing."""
    found, depth, at, quote = [], 0, 1, ""
    place = 0
    while place < len(code):
        sign = code[place]
        if quote:
            place += sign == "\\"
            quote = "" if sign == quote else quote
        elif sign in "\"'":
            quote = sign
        else:
            depth += (sign in "([") - (sign in ")]")
            if depth == 1 and code[place : place + 3] in (" & ", " | "):
                found.append(code[at:place])
                at = place + 1
            if not depth and place < len(code) - 1:
                return [code]
        place += 1
    return [*found, code[at:-1]]
