"""Files of lines, each of which tells one event."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from explorer.events.formats.encodings import as_utf8, decoded, encoding_of
from explorer.events.formats.format import Asked, Content
from explorer.events.quality.assumption import Assumption

LINE = "line"
LOOK = 60
EXAMPLES = 3
PLAIN = Asked()


def first_lines(content: Content, many: int = LOOK) -> list[str]:
    """The first lines of a text that say anything."""

    def make() -> list[str]:
        lines = decoded(content, encoding_of(content, PLAIN)).split("\n")
        if not content.whole and len(lines) > 1:
            lines.pop()
        return [line for line in lines if line.strip()][:many]

    return content.remember(("first lines", many), make)


def lines(content: Content, asked: Asked) -> tuple[pl.LazyFrame, tuple[Assumption, ...]]:
    """All lines that say anything, as a column LINE, and what was assumed about their encoding."""
    encoding = encoding_of(content, asked)
    path = content.remember(("utf-8", encoding), lambda: as_utf8(content, encoding))
    lazy = pl.scan_lines(path, name=LINE, glob=False)
    lazy = lazy.with_columns(pl.col(LINE).str.strip_suffix("\r").str.strip_prefix("\ufeff"))
    return lazy.filter(pl.col(LINE).str.strip_chars() != ""), encoding.assumed()


def misfits(lazy: pl.LazyFrame, fits: pl.Expr, what: str) -> tuple[Assumption, ...]:
    """How many lines are not of the form, with the first of them."""
    odd = lazy.filter(~fits).select(count=pl.len(), examples=pl.col(LINE).head(EXAMPLES).implode())
    count, examples = odd.collect(engine="streaming").row(0)
    if not count:
        return ()
    shown = "; ".join(repr(text[:80]) for text in examples)
    many = "1 line has" if count == 1 else f"{count:,} lines have"
    return (Assumption(f"lines that are no {what}", f"{many} no values", shown),)


def nothing(name: str, words: Sequence[str] = ("-", "")) -> pl.Expr:
    """A text in which `-` says that there is none."""
    return pl.when(~pl.col(name).is_in(list(words))).then(pl.col(name)).alias(name)
