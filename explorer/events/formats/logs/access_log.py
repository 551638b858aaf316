"""Access logs of web servers: Apache's and nginx's common and combined form, with or without a virtual host before."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from explorer.events.formats.format import Asked, Content, Scanned
from explorer.events.formats.lines import LINE, first_lines, lines, misfits
from explorer.events.formats.logs.requests import NAMES, cleaned, request_columns
from explorer.events.formats.united import together

QUOTED = r'(?:[^"\\]|\\.)*'
# A host is never a dash, which would be the identity behind it; users' names may have blanks in them.
PATTERN = (
    r"^(?:(?P<vhost>[^\s,]+) )?(?P<host>(?:[^\s,-]|-[^\s,])[^\s,]*(?:, ?[^\s,]+)*) (?P<identity>\S+) "
    r"(?P<remote_user>\S+(?: \S+)*?) \[(?P<time>[^\]]+)\] "
    rf'"(?P<request>{QUOTED})" (?P<status>\d{{3}}|-) (?P<bytes>\d+|-)'
    rf'(?: "(?P<referrer>{QUOTED})" "(?P<user_agent>{QUOTED})")?(?P<rest>.*)$'
)
MATCHES = re.compile(PATTERN)
OPTIONAL = ("vhost", "identity", "remote_user", "rest")


@dataclass(frozen=True)
class AccessLog:
    """Lines such as `10.0.0.1 - - [10/Oct/2000:13:55:36 -0700] "GET /a HTTP/1.0" 200 2326`."""

    name: str = "access log"
    suffixes: tuple[str, ...] = (".log",)
    sure: bool = True
    written: bool = True

    def recognises(self, content: Content) -> bool:
        """Whether most of the first lines are of this form."""
        some = first_lines(content)
        return sum(1 for line in some if MATCHES.match(line)) * 2 > len(some)

    def scan(self, contents: Sequence[Content], asked: Asked) -> Scanned:
        """Columns host, time, method, path, status, bytes, referrer, user_agent, protocol, and what else is told."""
        parts, said = [], []
        for content in contents:
            lazy, told = lines(content, asked)
            some = [found for line in first_lines(content, 2000) if (found := MATCHES.match(line))]
            extra = [name for name in OPTIONAL if any((found[name] or "-").strip() not in ("-", "") for found in some)]
            short = not any(found["referrer"] is not None for found in some)
            parsed = lazy.select(pl.col(LINE).str.extract_groups(PATTERN).struct.unnest())
            parsed = request_columns(
                parsed.with_columns(cleaned(name) for name in ("referrer", "user_agent", *OPTIONAL))
            )
            names = [name for name in NAMES if not (short and name in ("referrer", "user_agent"))]
            parts.append(parsed.select(*names, *_queried(some), "protocol", *extra))
            odd = misfits(lazy, pl.col(LINE).str.contains(PATTERN), "lines of an access log")
            said.append((*told, *odd))
        lazy = pl.concat(parts, how="diagonal") if len(parts) > 1 else parts[0]
        return Scanned(lazy, together([content.label for content in contents], said))


def _queried(some: list[re.Match[str]]) -> tuple[str, ...]:
    """The column of queries, where any request has one."""
    return ("query",) if any("?" in found["request"] for found in some) else ()
