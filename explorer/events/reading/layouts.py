"""The layouts of times that are texts: each a pattern whose groups are the parts of a time.

Groups: Y year, m month, b month by name, d day, j day of the year, H hour, p AM or PM, M minute, S second, f fraction,
z offset or name of a zone.
"""

import re
from dataclasses import dataclass, field

from explorer.spec.time_format import MONTH as NAME

BEFORE = r"""(?i)^\s*[\["'(]?\s*(?:(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*\.?,?\s+)?"""
AFTER = r"""\s*[\])"']?\s*$"""
BETWEEN = r"(?:\s*[T,:_]\s*|\s+at\s+|\s+-\s+|\s+|-)"
CLOCK = r"(?P<H>\d{1,2})[:.](?P<M>\d{2})(?:[:.](?P<S>\d{2})(?:[.,:](?P<f>\d{1,12}))?)?"
HALF_DAYS = r"(?P<H>\d{1,2})(?:[:.](?P<M>\d{2})(?:[:.](?P<S>\d{2})(?:[.,](?P<f>\d{1,12}))?)?)?\s*(?P<p>[ap]\.?\s?m\.?)"
# Behind the offset: a comment, or what Java, Go and JavaScript add.
ZONE = (
    r"(?:\s*(?P<z>(?:utc|gmt)?[+-]\d{1,2}(?::?\d{2})?|z|[a-z]{2,5})"
    r"(?:\s?[\[(][^\])]*[\])]|\s[a-z]{2,5}|\s[+-]\d{2,4})?(?:\sm=\S+)?)?"
)


@dataclass(frozen=True)
class Layout:
    """`said` is the order of the parts; `other` names the layout that the same texts may have as well.

    `fast` are forms of Chrono, which Polars reads faster, that never read otherwise.
    """

    name: str
    said: str
    date: str
    fast: tuple[str, ...] = ()
    order: str = ""
    clock: str = ""
    between: str = BETWEEN
    pattern: str = field(default="", repr=False)

    def regex(self, half_days: bool = False) -> str:
        """The whole pattern; with `half_days` times of day are told with AM and PM."""
        if self.pattern:
            return self.pattern
        clock = self.clock or (HALF_DAYS if half_days else CLOCK)
        return f"{BEFORE}{self.date}(?:{self.between}{clock}{ZONE})?{AFTER}"


def _fast(*days: str) -> tuple[str, ...]:
    return tuple(f"{day} {clock}" for day in days for clock in ("%H:%M:%S%.f", "%H:%M"))


NUMBERS = r"(?P<{}>\d{{1,2}})\s?[-/.]\s?(?P<{}>\d{{1,2}})\s?[-/.]\s?(?P<Y>\d{{4}}|\d{{2}})\.?"
LAYOUTS = (
    Layout(
        "ymd",
        "year-month-day",
        r"(?P<Y>\d{4})\s?[-/.年]\s?(?P<m>\d{1,2})\s?[-/.月]\s?(?P<d>\d{1,2})日?",
        (
            *("%Y-%m-%d %H:%M:%S%.f", "%Y-%m-%dT%H:%M:%S%.f", "%Y-%m-%dT%H:%M:%S%.f%#z", "%Y-%m-%d %H:%M:%S%.f%#z"),
            *("%Y-%m-%d %H:%M:%S%.f UTC", "%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M", "%Y-%m-%d", "%Y/%m/%d %H:%M:%S%.f"),
        ),
    ),
    Layout("mdy", "month/day/year", NUMBERS.format("m", "d"), _fast("%m/%d/%Y"), "month first"),
    Layout("dmy", "day/month/year", NUMBERS.format("d", "m"), _fast("%d.%m.%Y", "%d/%m/%Y"), "day first"),
    Layout("ymd2", "year/month/day", r"(?P<Y>\d{2})[-/.](?P<m>\d{1,2})[-/.](?P<d>\d{1,2})", (), "year first"),
    Layout(
        "compact",
        "digits, year to second",
        r"(?P<Y>\d{4})(?P<m>\d{2})(?P<d>\d{2})",
        clock=r"(?P<H>\d{2}):?(?:(?P<M>\d{2}):?(?:(?P<S>\d{2})(?:[.,]?(?P<f>\d{1,12}))?)?)?",
        between=r"[T\s_-]?",
    ),
    Layout(
        "dby",
        "day, name of the month, year",
        rf"(?P<d>\d{{1,2}})(?:st|nd|rd|th|\.)?(?:[-/\s]|\sof\s|)*{NAME},?[-/\s]*(?P<Y>\d{{4}}|\d{{2}})",
    ),
    Layout(
        "bdy", "name of the month, day, year", rf"{NAME}[-/\s]+(?P<d>\d{{1,2}})(?:st|nd|rd|th)?,?[-/\s]+(?P<Y>\d{{4}})"
    ),
    Layout("ybd", "year, name of the month, day", rf"(?P<Y>\d{{4}})[-/\s]+{NAME}[-/\s]+(?P<d>\d{{1,2}})"),
    Layout(
        "compact2",
        "digits, year of two to second",
        "",
        pattern=rf"{BEFORE}(?P<Y>\d{{2}})(?P<m>\d{{2}})(?P<d>\d{{2}})[T\s_-]?(?P<H>\d{{2}})(?P<M>\d{{2}})(?P<S>\d{{2}})?{AFTER}",
    ),
    # Without a time of day these may be numbers of anything.
    Layout("yj", "year, day of the year", "", pattern=rf"{BEFORE}(?P<Y>\d{{4}})-?(?P<j>\d{{3}})T{CLOCK}{ZONE}{AFTER}"),
    Layout(
        "ctime",
        "name of the month, day, time of day, year",
        "",
        pattern=rf"{BEFORE}{NAME}\s+(?P<d>\d{{1,2}})\s+{CLOCK}(?:\s+(?P<z>[a-z]{{1,5}}|[+-]\d{{2}}:?\d{{2}}))?\s+(?P<Y>\d{{4}}){AFTER}",
    ),
)
NAMED = {layout.name: layout for layout in LAYOUTS}
# Layouts that the same texts may have: which it is must be decided for the whole column.
AMBIGUOUS = ("mdy", "dmy", "ymd2")
OF_DAY = re.compile(rf"(?i)^\s*(?:{CLOCK}|{HALF_DAYS.replace('?P<', '?P<_')})\s*$")

MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "jan january januar janvier janv enero ene gennaio gen janeiro januari jänner",
            "feb february februar février févr fevr febrero febbraio fevereiro fev februari fév",
            "mar march mär märz mrz maerz mars marzo março maart mrt",
            "apr april avril avr abril abr aprile",
            "may mai mayo maggio mag maio mei",
            "jun june juni juin junio giugno giu junho",
            "jul july juli juillet juil julio luglio lug julho",
            "aug august août aout agosto ago augustus",
            "sep sept september septembre septiembre settembre set setembro",
            "oct october oktober okt octobre octubre ottobre ott outubro out",
            "nov november novembre noviembre novembro",
            "dec december dezember dez décembre déc diciembre dic dicembre dezembro",
        ),
        start=1,
    )
    for name in names.split()
}
# What every text with a day in it has, told faster than by the layouts.
LIKE_DAY = re.compile(rf"\d\s?[-/.年]\s?[wW]?\d|\d{{8}}|\d{{6}}[T\s_-]?\d{{4}}|\d{{7}}T|(?i:{'|'.join(MONTHS)})")

# Minutes ahead of UTC. Of the names that several places use, those of e-mail's rules (RFC 2822) are meant.
ZONES = {
    **dict.fromkeys(("z", "utc", "gmt", "ut", "wet"), 0),
    "est": -300,
    "edt": -240,
    "cst": -360,
    "cdt": -300,
    "mst": -420,
    "mdt": -360,
    "pst": -480,
    "pdt": -420,
    "cet": 60,
    "mez": 60,
    "cest": 120,
    "mesz": 120,
    "west": 60,
    "eet": 120,
    "eest": 180,
    "msk": 180,
    "jst": 540,
    "kst": 540,
    "hst": -600,
    "akst": -540,
    "akdt": -480,
    "aest": 600,
    "aedt": 660,
    "nzst": 720,
    "nzdt": 780,
}
