"""Which encoding a text is in, told from its bytes, and texts as UTF-8 with plain line ends."""

from __future__ import annotations

import codecs
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import pairwise
from pathlib import Path

from charset_normalizer import from_bytes

from explorer.errors import SourceError
from explorer.events.formats.format import Asked, Content
from explorer.events.quality.assumption import Assumption

BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
NAMES = {
    "utf-8-sig": "UTF-8",
    "utf-8": "UTF-8",
    "utf-16": "UTF-16",
    "utf-16-le": "UTF-16",
    "utf-16-be": "UTF-16",
    "utf-32": "UTF-32",
    "cp1252": "Windows-1252 (Latin-1)",
    "latin-1": "Latin-1",
}
LIKELY = (
    *("cp1252", "cp1250", "cp1251", "cp1253", "cp1254", "cp1255", "cp1256", "koi8_r", "mac_roman"),
    *("cp932", "gb18030", "big5", "cp949", "euc_jp"),
)
WESTERN = ("cp1252", "latin_1", "cp1250", "cp1254", "iso8859_15", "iso8859_10", "mac_roman", "cp850", "cp858")
BLOCK = 1 << 22
SAMPLE = 1 << 16


@dataclass(frozen=True)
class Encoding:
    """A codec's name, and whether lines end in a lone carriage return; `example` is a piece that decides it.

    `broken` text is UTF-8 but for a few bytes, which are shown as \ufffd.
    """

    codec: str = "utf-8"
    cr: bool = False
    example: str = ""
    broken: bool = False

    @property
    def is_plain(self) -> bool:
        """Whether Polars reads it as it is."""
        return self.codec in ("utf-8", "utf-8-sig") and not self.cr and not self.broken

    def assumed(self) -> tuple[Assumption, ...]:
        """What is worth saying: nothing about UTF-8."""
        said = []
        if self.codec not in ("utf-8", "utf-8-sig"):
            said.append(Assumption("encoding", NAMES.get(self.codec, self.codec), self.example))
        if self.broken:
            said.append(Assumption("encoding", "UTF-8, but for a few bytes that are shown as \ufffd", self.example))
        if self.cr:
            said.append(Assumption("line ends", "carriage returns alone"))
        return tuple(said)


def encoding_of(content: Content, asked: Asked) -> Encoding:
    """The encoding of a text file, from its head, or from all of it where `asked.exact`; raises SourceError.

    What the user said (`encoding`) comes first.
    """
    said = asked.override("encoding")
    if said is not None:
        try:
            codec = codecs.lookup(said).name
        except LookupError:
            raise SourceError(
                f"'{said}' is no encoding that is known here. Write one such as utf-8 or cp1252."
            ) from None
        return Encoding(codec, _only_cr(content.head, codec))
    found = told(content.head)
    if asked.exact and found.codec == "utf-8" and not content.whole:
        odd = _odd_piece(content.plain)
        if odd:
            found = replace(guessed(odd), cr=found.cr)
    return found


def told(head: bytes) -> Encoding:
    """The encoding of the beginning of a text."""
    for bom, codec in BOMS:
        if head.startswith(bom):
            return Encoding(codec, _only_cr(head, codec))
    for at, codec in ((1, "utf-16-le"), (0, "utf-16-be")):
        half = head[at:4000:2]
        if len(half) > 4 and half.count(0) > 0.6 * len(half) and head[1 - at : 4000 : 2].count(0) < 0.1 * len(half):
            return Encoding(codec, _only_cr(head, codec))
    if _is_utf8(head):
        return Encoding("utf-8", _only_cr(head, "utf-8"))
    found = guessed(head)
    return replace(found, cr=_only_cr(head, found.codec))


@lru_cache(maxsize=64)
def guessed(data: bytes) -> Encoding:
    """The likeliest encoding of bytes that are not UTF-8, from the lines that decide it."""
    lines = [line for line in data.splitlines() if not line.isascii()][:500]
    odd = b"\n".join(lines)[:SAMPLE]
    mended = odd.decode("utf-8", "replace")
    broken = mended.count("\ufffd")
    if sum(1 for sign in mended if sign > "\x7f") > 3 * broken:
        return Encoding(
            "utf-8", example=next(repr(line[:60]) for line in mended.splitlines() if "\ufffd" in line), broken=True
        )
    codec = "latin-1"
    if _decodes(odd, "cp1252"):
        codec = "cp1252"
    best = from_bytes(odd, cp_isolation=list(LIKELY)).best()
    if best is not None and not (
        codec == "cp1252" and _is_western(odd) and _is_doubtful(best.encoding, best.coherence)
    ):
        codec = "cp1252" if best.encoding in ("cp1252", "latin_1", "iso8859_15") else best.encoding
    return Encoding(codec, example=_piece(odd.decode(codec, "replace")))


def _is_doubtful(encoding: str, coherence: float) -> bool:
    return encoding in WESTERN or coherence < 0.6


def _is_western(odd: bytes) -> bool:
    """Whether letters with accents stand alone among plain ones, as they do in Western languages."""
    text = odd.decode("cp1252", "replace")
    strange = [at for at, sign in enumerate(text) if sign > "\x7f"]
    beside = sum(1 for one, other in pairwise(strange) if other == one + 1)
    return beside <= 0.6 * len(strange)


def _piece(text: str) -> str:
    for line in text.splitlines():
        for part in line.replace("\t", ",").replace(";", ",").split(","):
            if not part.isascii():
                at = next(place for place, sign in enumerate(part) if sign > "\x7f")
                return repr(part[max(0, at - 20) : at + 20].strip('" '))
    return ""


def _decodes(data: bytes, codec: str) -> bool:
    try:
        data.decode(codec)
    except UnicodeDecodeError:
        return False
    return True


def _is_utf8(head: bytes) -> bool:
    try:
        codecs.getincrementaldecoder("utf-8")().decode(head)
    except UnicodeDecodeError:
        return False
    return True


def _only_cr(head: bytes, codec: str) -> bool:
    if codec.startswith(("utf-16", "utf-32")):
        text = head[: len(head) // 4 * 4].decode(codec, "replace")
        return "\r" in text and "\n" not in text
    return b"\r" in head and b"\n" not in head


def _odd_piece(path: Path) -> bytes:
    """Some lines that are not UTF-8, from anywhere in a file; empty where there are none."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    with path.open("rb") as file:
        while block := file.read(BLOCK):
            try:
                decoder.decode(block)
            except UnicodeDecodeError as error:
                at = max(0, error.start - 200)
                return block[at : at + SAMPLE]
    return b""


def decoded(content: Content, encoding: Encoding) -> str:
    """The head as text with plain line ends; a sign cut in two at its end is left away."""
    text = codecs.getincrementaldecoder(encoding.codec)("replace").decode(content.head)
    return text.replace("\r\n", "\n").replace("\r", "\n").removeprefix("\ufeff")


def as_utf8(content: Content, encoding: Encoding) -> Path:
    """A path to the text in UTF-8 with line feeds; the file itself where it is so already."""
    if encoding.is_plain:
        return content.plain
    target = content.passing(".txt")
    decoder = codecs.getincrementaldecoder(encoding.codec)("replace")
    with content.plain.open("rb") as source, target.open("wb") as written:
        while block := source.read(BLOCK):
            text = decoder.decode(block)
            written.write((text.replace("\r", "\n") if encoding.cr else text).encode())
        written.write(decoder.decode(b"", True).encode())
    return target
