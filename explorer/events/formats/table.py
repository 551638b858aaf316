"""Every format that opens, in the order in which a file is asked whether it is one."""

from __future__ import annotations

from explorer.events.formats.columnar import Arrow, Parquet
from explorer.events.formats.delimited.delimited import Delimited
from explorer.events.formats.excel import Excel
from explorer.events.formats.format import Content, Format
from explorer.events.formats.json.json_files import Json
from explorer.events.formats.logfmt import Logfmt
from explorer.events.formats.logs.access_log import AccessLog
from explorer.events.formats.logs.token_logs import ALB, ELB, S3
from explorer.events.formats.logs.w3c import W3C
from explorer.events.formats.xes import Xes

BINARY: tuple[Format, ...] = (Parquet(), Arrow(), Excel())
TEXT: tuple[Format, ...] = (Xes(), Json(), W3C(), S3, ELB, ALB, AccessLog(), Logfmt(), Delimited())
FORMATS: tuple[Format, ...] = (*BINARY, *TEXT)
SUFFIXES: tuple[str, ...] = tuple(dict.fromkeys(suffix for format in reversed(FORMATS) for suffix in format.suffixes))
# What often lies beside data, or is asked for, and is none; and what can be done.
REFUSED = (
    (b"SQLite format 3", "a SQLite database. Export the table as CSV or Parquet"),
    (b"%PDF", "a PDF document. Export the table as CSV"),
    (b"ORC", "an ORC file. Write it as Parquet"),
    (b"Obj\x01", "an Avro file. Write it as Parquet"),
    (b"\x89HDF", "an HDF5 file. Write it as Parquet"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"\x7fELF", "a program"),
    (b"7z\xbc\xaf", "a 7z archive. Unpack it first"),
    (b"Rar!", "a RAR archive. Unpack it first"),
)


ZIP, SHEETS = b"PK\x03\x04", (".xlsx", ".xlsm", ".xlsb", ".ods")
PACKINGS = (b"\x1f\x8b", b"\x28\xb5\x2f\xfd", b"BZh", b"\xfd7zXZ\x00")


def format_named(suffix: str) -> Format | None:
    """The format whose files usually have this suffix; None for one that several or no formats have.

    >>> format_named(".parquet").name, format_named(".log")
    ('Parquet', None)
    """
    found = [format for format in FORMATS if suffix in format.suffixes]
    return found[0] if len(found) == 1 else None


def format_of(content: Content) -> Format | str:
    """The format of a file by what is inside, or what else it is, in words."""
    head = content.head
    for mark, words in REFUSED:
        if head.startswith(mark):
            return words
    if head.startswith(PACKINGS) or (head.startswith(ZIP) and not content.name.lower().endswith(SHEETS)):
        return "packed twice. Unpack it once and open what was inside"
    binary = next((format for format in BINARY if format.recognises(content)), None)
    if binary is not None:
        return binary
    if _is_binary(head):
        return "of no format that is known here"
    return next(format for format in TEXT if format.recognises(content))


def _is_binary(head: bytes) -> bool:
    """Whether bytes are no text in any encoding."""
    some = head[:4096]
    halves = sorted((some[::2].count(0), some[1::2].count(0)))
    if some.startswith((b"\xff\xfe", b"\xfe\xff")) or halves[0] * 20 < len(some) < halves[1] * 4:
        return False  # two bytes for each sign
    control = sum(1 for byte in some if byte < 32 and byte not in b"\t\n\r\x01\x0c\x1b\x1e")
    return control * 20 > len(some)
