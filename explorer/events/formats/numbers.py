"""Texts that are numbers as people write them: with thousands, with a decimal comma."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

import polars as pl

from explorer.events.quality.assumption import Assumption

THOUSANDS = r"[.,' \u00a0\u202f]"
NUMBER = r"^[-+]?(?:\d+|\d{1,3}(?:[.,' \u00a0\u202f]\d{3})+)(?:[.,]\d+)?$"
# What `1,234` or `1.234` says depends on who wrote it.
EITHER = r"^[-+]?\d{1,3}[.,]\d{3}$"


@dataclass(frozen=True)
class Written:
    """How the numbers of a column are written: the sign before decimals and the one between thousands."""

    decimal: str
    thousands: str
    whole: bool

    def read(self, name: str) -> pl.Expr:
        """The numbers of a text column; raises where one is written otherwise."""
        text = pl.col(name).str.strip_chars()
        if self.thousands:
            text = text.str.replace_all(self.thousands, "", literal=True)
        if self.decimal == ",":
            text = text.str.replace(",", ".", literal=True)
        text = pl.when(text != "").then(text)
        return text.cast(pl.Int64 if self.whole else pl.Float64).alias(name)

    def assumed(self, name: str, example: str) -> Assumption:
        """What is said of it."""
        parts = ["a decimal comma"] if self.decimal == "," and not self.whole else []
        if self.thousands:
            parts.append(f"{self.thousands!r} between thousands")
        return Assumption(f"numbers of {name}", f"written with {' and '.join(parts)}", repr(example))


def written(texts: pl.Series, comma: bool | None = None) -> Written | None:
    """How the numbers in a column of texts are written; None for what is no such column.

    `comma` says whether the file writes decimals with a comma, None where that is not known: a column of which every
    value can be read both ways then stays text.

    >>> written(pl.Series(["1,234.50", "12.00"]))
    Written(decimal='.', thousands=',', whole=False)
    """
    values = texts.drop_nulls().str.strip_chars()
    values = values.filter(values != "")
    if not len(values) or not values.str.contains(NUMBER).all():
        return None
    either = values.str.contains(EITHER)
    clear = values.filter(~either & values.str.contains(r"[.,' \u00a0\u202f]"))
    forms = {form for text in clear.head(2000) if (form := _form(text)) is not None}
    decimals, thousands = {one for one, _ in forms if one}, {one for _, one in forms if one}
    if len(decimals) > 1 or len(thousands) > 1 or decimals & thousands:
        return None
    decimal, between = next(iter(decimals), ""), next(iter(thousands), "")
    signs = set(re.findall(r"[.,]", "".join(values.filter(either).head(2000))))
    if len(signs) > 1 and not forms:
        return None
    if signs:
        sign = next(iter(signs)) if len(signs) == 1 else ""
        if not forms:
            if comma is None:
                return None
            decimal, between = (sign, "") if (sign == ",") == comma else ("", sign)
        elif sign and sign not in (decimal, between):
            if decimal:
                between = between or sign
            else:
                decimal = sign
    if not decimal and not between:
        return None
    other = "," if between == "." else "."
    return Written(decimal or other, between, not decimal)


def _form(text: str) -> tuple[str, str] | None:
    """The decimal sign and that between thousands of a number that can be read in one way only."""
    signs = re.findall(r"[.,' \u00a0\u202f]", text)
    if not signs:
        return None
    last = signs[-1]
    if len(set(signs)) == 1:
        groups = re.split(r"[.,' \u00a0\u202f]", text.lstrip("+-"))
        if len(signs) > 1 or (last not in ".,"):
            return ("", last)
        return (last, "") if len(groups[-1]) != 3 or len(groups[0]) > 3 else None
    return (last, signs[0]) if last in ".," and signs.count(last) == 1 else None


def comma_decimals(sample: pl.DataFrame, separator: str) -> bool | None:
    """Whether a file writes decimals with a comma: what its clear columns say, or else its separator."""
    found = [form for name in sample.columns if (form := written(sample[name])) is not None]
    clear = {form.decimal for form in found if not form.whole} | {form.decimal for form in found if form.thousands}
    if clear:
        return clear == {","} if len(clear) == 1 else None
    return False if separator == "," else None


def with_leading_zero(sample: pl.DataFrame, names: Iterable[str]) -> list[str]:
    """The columns where a number begins with a 0 that says nothing as a number."""
    return [name for name in names if sample[name].str.contains(r"^\s*[-+]?0\d").any()]
