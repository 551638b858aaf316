"""Logs of load balancers and stores: fields between spaces, some of them in quotes or brackets."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from explorer.events.formats.format import Asked, Content, Scanned
from explorer.events.formats.lines import LINE, first_lines, lines, misfits
from explorer.events.formats.logs.requests import NAMES, address, cleaned, number, path_of_url, request_columns
from explorer.events.formats.united import together

TOKEN = r'\[[0-9A-Fa-f:.]+\]:\d+|\[[^\]]*\]|"(?:[^"\\]|\\.)*"|\S+'
ISO = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[.\d]*Z?"
TRACED = (
    *("ssl_cipher", "ssl_protocol", "target_group_arn", "trace_id", "domain_name", "chosen_cert_arn"),
    *("matched_rule_priority", "request_creation_time", "actions_executed", "redirect_url", "error_reason"),
    *("target_port_list", "target_status_code_list", "classification", "classification_reason", "conn_trace_id"),
)


@dataclass(frozen=True)
class TokenLog:
    """One kind of such a log: how its lines begin, and what its fields are called in order.

    Fields called `client` and `remote_ip` become `host`, so that all access logs have the same columns; its port stands
    behind it where they are `ported`.
    """

    name: str
    begins: str
    fields: tuple[str, ...]
    numbers: tuple[str, ...]
    suffixes: tuple[str, ...] = (".log",)
    sure: bool = True
    written: bool = True
    ported: bool = True

    def recognises(self, content: Content) -> bool:
        """Whether most of the first lines begin so."""
        some = first_lines(content)
        return sum(1 for line in some if re.match(self.begins, line)) * 2 > len(some)

    def scan(self, contents: Sequence[Content], asked: Asked) -> Scanned:
        """The fields as columns, those of every access log under their common names first."""
        parts, said = [], []
        for content in contents:
            lazy, told = lines(content, asked)
            tokens = pl.col(LINE).str.extract_all(TOKEN)
            most = max((len(re.findall(TOKEN, line)) for line in first_lines(content, 2000)), default=0)
            names = self.fields[: max(most, self.fields.index("user_agent") + 1)]
            fits = pl.col(LINE).str.contains(self.begins)
            fields = lazy.with_columns(pl.when(fits).then(pl.col(LINE))).select(
                tokens.list.get(at, null_on_oob=True)
                .str.strip_chars('"')
                .str.strip_prefix("[")
                .str.strip_suffix("]")
                .alias(name)
                for at, name in enumerate(names)
            )
            fields = request_columns(fields.with_columns(cleaned(name) for name in names if name != "request"))
            fields = fields.with_columns(
                *([address("host")] if self.ported else []), *(number(name) for name in self.numbers if name in names)
            )
            seconds = [name for name in names if name.endswith("_processing_time")]
            fields = fields.with_columns(pl.col(name).cast(pl.Float64, strict=False) for name in seconds)
            parts.append(fields.with_columns(path_of_url("path")).drop("request"))
            said.append((*told, *misfits(lazy, fits, f"lines of an {self.name}")))
        lazy = pl.concat(parts, how="diagonal") if len(parts) > 1 else parts[0]
        found = lazy.collect_schema().names()
        ordered = [*(name for name in NAMES if name in found), *(name for name in found if name not in NAMES)]
        return Scanned(lazy.select(ordered), together([content.label for content in contents], said))


ELB = TokenLog(
    "ELB access log",
    rf"^{ISO} \S+ \S+:\d+ ",
    (
        *("time", "elb", "host", "backend", "request_processing_time", "backend_processing_time"),
        *("response_processing_time", "status", "backend_status_code", "received_bytes", "bytes", "request"),
        *("user_agent", "ssl_cipher", "ssl_protocol"),
    ),
    ("backend_status_code", "received_bytes"),
)
ALB = TokenLog(
    "ALB access log",
    rf"^(?:http|https|h2|grpcs|ws|wss) {ISO} \S+ \S+ ",
    (
        *("connection", "time", "elb", "host", "target", "request_processing_time", "target_processing_time"),
        *("response_processing_time", "status", "target_status_code", "received_bytes", "bytes", "request"),
        *("user_agent", *TRACED),
    ),
    ("target_status_code", "received_bytes"),
)
S3 = TokenLog(
    "S3 access log",
    r"^\S+ \S+ \[\d\d/\w{3}/\d{4}:[^\]]+\] \S+ \S+ \S+ [A-Z]+\.\S+ ",
    (
        *("bucket_owner", "bucket", "time", "host", "requester", "request_id", "operation", "key", "request"),
        *("status", "error_code", "bytes", "object_size", "total_time", "turn_around_time", "referrer", "user_agent"),
        *("version_id", "host_id", "signature_version", "cipher_suite", "authentication_type", "host_header"),
        *("tls_version", "access_point_arn", "acl_required"),
    ),
    ("object_size", "total_time", "turn_around_time"),
    ported=False,
)
