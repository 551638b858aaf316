"""How a text file is written, where what is found out about it is wrong."""

from dataclasses import dataclass
from typing import Any

from explorer.errors import SpecError, as_text, located, quoted
from explorer.spec.document import Spec, check_choice

WORDS = {"comma": ",", "tab": "\t", "semicolon": ";", "vertical bar": "|", "^a": "\x01", "caret": "^", "space": " "}
DECIMALS = {"comma": ",", "point": "."}
HEADERS = {"true": "yes", "yes": "yes", "false": "no", "no": "no", "none": "no"}


@dataclass(frozen=True)
class FileFormat(Spec):
    """What is said of a text file; what is left out is found out.

    `separator` and `decimal` are one sign, or its name (`tab`, `semicolon`). `encoding` is a name such as `utf-8` or
    `cp1252`. `header` is `no` where the first row is data, and `yes` where it holds the names. `skip_lines` is the
    number of lines before the header.

    >>> FileFormat(separator="semicolon", header="no").told
    (('separator', ';'), ('header', 'no'))
    """

    separator: str | None = None
    encoding: str | None = None
    header: str | None = None
    skip_lines: int | None = None
    decimal: str | None = None

    def __post_init__(self) -> None:
        self._set("separator", _sign(self.separator, "separator", WORDS))
        self._set("decimal", _sign(self.decimal, "decimal", DECIMALS))
        if self.decimal:
            check_choice(self.decimal, tuple(DECIMALS.values()), "decimal")
        self._set("header", _header(self.header))
        self._set("encoding", self.encoding or None)
        if self.encoding:
            with located("encoding"):
                _check_encoding(self.encoding)
        self._set("skip_lines", _lines(self.skip_lines))

    @property
    def flags(self) -> tuple[str, ...]:
        """The same as `name=value`, with words for signs that cannot be seen.

        >>> FileFormat(separator="tab").flags
        ('separator=tab',)
        """
        words = {sign: word for word, sign in WORDS.items() if not sign.isprintable() or sign == " "}
        return tuple(f"{name}={words.get(value, value)}" for name, value in self.told)

    @property
    def told(self) -> tuple[tuple[str, str], ...]:
        """What is said, each with its name."""
        every = {name: getattr(self, name) for name in self.__dataclass_fields__}
        return tuple((name, str(value)) for name, value in every.items() if value is not None)


def _sign(value: Any, name: str, words: dict[str, str]) -> str | None:
    if value is None or value == "":
        return None
    sign = words.get(as_text(value).strip().lower() or as_text(value), as_text(value).replace("\\t", "\t"))
    if len(sign) != 1 or sign in "\"'\n\r" or sign.isalnum():
        with located(name):
            raise SpecError(f"{quoted(value)} is no {name}. Write one sign, or a word: {', '.join(words)}.")
    return sign


def _header(value: Any) -> str | None:
    if value is None or value == "":
        return None
    word = as_text(value).strip().lower()
    check_choice(word, tuple(HEADERS), "header")
    return HEADERS[word]


def _check_encoding(name: Any) -> None:
    try:
        "".encode(name)
    except (LookupError, TypeError, ValueError):
        raise SpecError(
            f"{quoted(name)} is no encoding that is known here. Write one such as utf-8 or cp1252."
        ) from None


def _lines(value: Any) -> int | None:
    if value is None or value == "":
        return None
    text = as_text(value)
    if not text.isdecimal() or len(text) > 6:
        with located("skip_lines"):
            raise SpecError(f"{quoted(value)} is no number of lines. Write one such as 3.")
    return int(text)
