"""Lines of `key=value` pairs, as programs write them for other programs."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from explorer.events.formats.format import Asked, Content, Scanned
from explorer.events.formats.lines import LINE, first_lines, lines, misfits
from explorer.events.formats.quantities import quantities
from explorer.events.formats.united import together

PAIR = r'[^\s="]+=(?:"(?:[^"\\]|\\.)*"|[^\s"]*)'
MOST = 500


@dataclass(frozen=True)
class Logfmt:
    """Lines such as `ts=2024-03-01T10:00:00Z user=a msg="went in"`."""

    name: str = "logfmt"
    suffixes: tuple[str, ...] = (".log", ".logfmt")
    sure: bool = False
    written: bool = True

    def recognises(self, content: Content) -> bool:
        """Whether most of the first lines are made of pairs, at least two, and of little else."""
        some = first_lines(content)
        return sum(1 for line in some if _is_pairs(line)) * 2 > len(some)

    def scan(self, contents: Sequence[Content], asked: Asked) -> Scanned:
        """One column for each key that stands anywhere; numbers where a column holds nothing else."""
        parts, said = [], []
        for content in contents:
            lazy, told = lines(content, asked)
            pairs = pl.col(LINE).str.extract_all(PAIR)
            keys = lazy.select(pairs.list.explode().str.extract(r"^([^=]+)=").alias("key")).drop_nulls()
            names = keys.unique(maintain_order=True).head(MOST).collect(engine="streaming")["key"].to_list()
            parts.append(lazy.select(_value(pairs, name).alias(name) for name in names))
            said.append((*told, *misfits(lazy, pl.col(LINE).str.contains(PAIR), "key=value pairs")))
        lazy = pl.concat(parts, how="diagonal") if len(parts) > 1 else parts[0]
        lazy = quantities(lazy, asked)
        return Scanned(lazy, together([content.label for content in contents], said))


def _is_pairs(line: str) -> bool:
    pairs = re.findall(PAIR, line)
    return len(pairs) >= 2 and sum(map(len, pairs)) > 0.6 * len(line.replace(" ", ""))


def _value(pairs: pl.Expr, key: str) -> pl.Expr:
    own = pairs.list.eval(pl.element().filter(pl.element().str.starts_with(f"{key}="))).list.first()
    text = own.str.slice(len(key) + 1)
    quoted = text.str.starts_with('"')
    inner = text.str.strip_prefix('"').str.strip_suffix('"').str.replace_all(r"\"", '"', literal=True)
    value = pl.when(quoted).then(inner.str.replace_all(r"\\", "\\", literal=True)).otherwise(text)
    return pl.when(value != "").then(value)
