"""Writes Polars code down instead of running it: what is called on `pl` comes out as text."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from explorer.code.plain.literals import length_code


def _joined(sign: str) -> Callable[[Written, Any], Written]:
    return lambda self, other: Written(f"({self.text} {sign} {code_of(other)})")


def _turned(sign: str) -> Callable[[Written, Any], Written]:
    return lambda self, other: Written(f"({code_of(other)} {sign} {self.text})")


class Written:
    """Code; whatever is done with it is code again.

    >>> pl = Written("pl")
    >>> ((pl.col("a") + 1).fill_null(0) > pl.col("b")).text
    '((pl.col("a") + 1).fill_null(0) > pl.col("b"))'
    """

    def __init__(self, text: str) -> None:
        self.text = text

    def __getattr__(self, name: str) -> Written:
        if name.startswith("__"):
            raise AttributeError(name)
        return Written(f"{self.text}.{name}")

    def __call__(self, *values: Any, **named: Any) -> Written:
        said = [code_of(value) for value in values] + [f"{name}={code_of(value)}" for name, value in named.items()]
        return Written(f"{self.text}({', '.join(said)})")

    def __neg__(self) -> Written:
        return Written(f"(-{self.text})")

    def __invert__(self) -> Written:
        return Written(f"(~{self.text})")

    __add__, __sub__, __mul__ = _joined("+"), _joined("-"), _joined("*")
    __truediv__, __mod__ = _joined("/"), _joined("%")
    __lt__, __le__, __gt__, __ge__ = _joined("<"), _joined("<="), _joined(">"), _joined(">=")
    __and__, __or__ = _joined("&"), _joined("|")
    __radd__, __rmul__ = _turned("+"), _turned("*")
    __eq__ = _joined("==")  # type: ignore[assignment]
    __ne__ = _joined("!=")  # type: ignore[assignment]
    __hash__ = None  # type: ignore[assignment]


def code_of(value: Any) -> str:
    """A value as Python code."""
    if isinstance(value, Written):
        return value.text
    if isinstance(value, list | tuple):
        return f"[{', '.join(map(code_of, value))}]"
    if isinstance(value, timedelta):
        return length_code(value)
    if isinstance(value, str):
        return quoted(value)
    if isinstance(value, float) and repr(value) in ("inf", "-inf", "nan"):
        return f'float("{value}")'
    return value.__name__ if callable(value) else repr(value)


def quoted(text: str) -> str:
    """A text as Python code, in double quotes where that is as short.

    >>> print(quoted("it's"), quoted('a"b'), quoted("a\\\\b"))
    "it's" 'a"b' "a\\\\b"
    """
    single = repr(text)
    if single.startswith('"') or '"' in text:
        return single
    return '"' + single[1:-1].replace("\\'", "'") + '"'
