"""Forms of times as an analyst writes them: `day first`, `month first`, or parts such as `%d.%m.%Y %H:%M`."""

import re

from explorer.errors import SpecError, did_you_mean

ORDERS = ("day first", "month first", "year first")
MONTH = r"(?P<b>[^\W\d_]{3,12})\.?"
OFFSET = r"(?P<z>(?:utc|gmt)?[+-]\d{1,2}(?::?\d{2})?|[a-z]{1,5})"
PARTS = {
    "Y": r"(?P<Y>\d{4})",
    "y": r"(?P<Y>\d{2})",
    "m": r"(?P<m>\d{1,2})",
    "d": r"(?P<d>\d{1,2})",
    "e": r"\s?(?P<d>\d{1,2})",
    "j": r"(?P<j>\d{1,3})",
    **dict.fromkeys("bBh", MONTH),
    **dict.fromkeys("aA", r"[^\W\d_]+\.?"),
    **dict.fromkeys("HIkl", r"\s?(?P<H>\d{1,2})"),
    "M": r"(?P<M>\d{1,2})",
    "S": r"(?P<S>\d{1,2})",
    "f": r"(?P<f>\d{1,12})",
    **dict.fromkeys("pP", r"(?P<p>[ap]\.?\s?m\.?)"),
    **dict.fromkeys("zZ", OFFSET),
    "%": "%",
}
# Several parts at once, as strptime knows them.
SEVERAL = {
    "T": "%H:%M:%S",
    "R": "%H:%M",
    "r": "%I:%M:%S %p",
    "X": "%H:%M:%S",
    "F": "%Y-%m-%d",
    "D": "%m/%d/%y",
    "x": "%m/%d/%y",
    "c": "%a %b %e %H:%M:%S %Y",
    "n": " ",
    "t": " ",
}


def check_time_format(text: str) -> None:
    """Raises SpecError for what is neither an order of parts nor a form of strptime that tells a day."""
    if text not in ORDERS:
        if "%" not in text:
            raise SpecError(
                f"'{text}' is no form of times. Write day first, month first, or parts such as %d.%m.%Y %H:%M:%S."
            )
        time_pattern(text)


def time_pattern(text: str) -> str:
    """A form of strptime as a pattern with a group for each part; raises SpecError.

    >>> time_pattern("%d.%m.%y")
    '(?i)^\\\\s*(?P<d>\\\\d{1,2})\\\\.(?P<m>\\\\d{1,2})\\\\.(?P<Y>\\\\d{2})\\\\s*$'
    """
    for sign, parts in SEVERAL.items():
        text = re.sub(rf"(?<!%)((?:%%)*)%{sign}", rf"\g<1>{parts}", text)
    pattern = "".join(_part(found) for found in re.findall(r"%[-_0^#:]*\.?\d?.|\s+|[^%\s]+", text))
    groups = re.findall(r"\?P<(\w)>", pattern)
    for group in groups:
        if groups.count(group) > 1:
            raise SpecError(f"'{text}' tells the same part of a time twice. Write each once.")
    if not {"Y", "m", "d"} <= set(groups) and not {"Y", "b", "d"} <= set(groups) and not {"Y", "j"} <= set(groups):
        raise SpecError(f"'{text}' does not tell year, month and day. Write a form such as %d.%m.%Y %H:%M:%S.")
    return rf"(?i)^\s*{pattern}\s*$"


def _part(text: str) -> str:
    if not text.startswith("%"):
        return r"\s+" if text.isspace() else re.escape(text)
    if text[-1] == "f":
        digits = re.sub(r"\D", "", text)
        fraction = rf"(?P<f>\d{{{digits or '1,12'}}})"
        return rf"(?:\.{fraction})?" if "." in text else fraction
    if text[-1] not in PARTS:
        known = [f"%{name}" for name in (*PARTS, *SEVERAL)]
        raise SpecError(f"{text} is no part of a time that is known. {did_you_mean(text, known)}")
    return PARTS[text[-1]]
