"""How durations, counts, shares and times are written for people; the charts and the page say the same."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np

NOTHING = "–"

MICROSECOND, MILLISECOND, SECOND = 1, 1_000, 1_000_000
MINUTE, HOUR, DAY = 60 * SECOND, 3_600 * SECOND, 86_400 * SECOND
WEEK = 7 * DAY
SIZES = (("kB", 1_000), ("MB", 1_000_000), ("GB", 1_000_000_000), ("TB", 1_000_000_000_000))

# A unit, its letter, the unit of what is left over, and how many digits that is padded to.
_TWO_UNITS = (
    (DAY, "d", HOUR, "h", 1),
    (HOUR, "h", MINUTE, "m", 2),
    (MINUTE, "m", SECOND, "s", 2),
)


# The years 1 and 9999, where Python's datetime ends.
_EARLIEST, _LATEST = -62_135_596_800_000_000, 253_402_300_799_999_999


def duration_text(us: float | None) -> str:
    """A duration in microseconds as people say it, in two units at most; a dash for none.

    >>> [duration_text(x) for x in (0, 348_000, 90_000_000, 7_500_000_000, 273_600_000_000)]
    ['0s', '0.3s', '1m 30s', '2h 05m', '3d 4h']
    >>> [duration_text(x) for x in (250, 2_000, 45_000, 999_900)]
    ['0.00025s', '0.002s', '0.04s', '1s']
    """
    if us is None or us != us:
        return NOTHING
    if us < 0:
        return "-" + duration_text(-us)
    if us < 59.5 * SECOND:
        return _seconds_text(us)
    for unit, letter, rest_unit, rest_letter, digits in _TWO_UNITS:
        rounded = round(us / rest_unit) * rest_unit
        if rounded >= unit:
            whole, rest = divmod(rounded, unit)
            left = rest // rest_unit
            return f"{whole:,}{letter} {left:0{digits}d}{rest_letter}" if left else f"{whole:,}{letter}"
    return _seconds_text(us)


def _seconds_text(us: float) -> str:
    if us == 0:
        return "0s"
    seconds = us / SECOND
    if round(us) < MILLISECOND:
        return f"{max(1, round(us)) / SECOND:.6f}".rstrip("0") + "s"
    if round(seconds, 1) >= 10:
        return f"{round(seconds)}s"
    # Below a tenth of a second the first digit that there is.
    return f"{round(seconds, next(digits for digits in (1, 2, 3) if round(seconds, digits) or digits == 3)):g}s"


def count_text(n: float | None) -> str:
    """A count, exact, with thousands commas.

    >>> count_text(200134)
    '200,134'
    """
    return NOTHING if n is None else f"{round(n):,}"


def many(n: int, word: str) -> str:
    """A count of things, with their word.

    >>> many(1, "row"), many(2000, "row")
    ('1 row', '2,000 rows')
    """
    return f"{n:,} {word}{'' if n == 1 else 's'}"


def count_short(n: float | None) -> str:
    """A count for axes and badges: exact below a million, then in millions and more.

    >>> [count_short(x) for x in (950, 1_200, 999_960, 1_200_000, 12_300_000, 4.2e9)]
    ['950', '1,200', '999,960', '1.2M', '12M', '4.2B']
    """
    if n is None or abs(n) < 1_000_000:
        return count_text(n)
    value, letter = (n / 1e6, "M") if abs(n) < 999.5e6 else (n / 1e9, "B")
    return f"{value:,.0f}{letter}" if abs(value) >= 9.95 else f"{round(value, 1):g}{letter}"


def number_text(n: float | None) -> str:
    """A number as it is read: whole ones exact, others to three decimals, the very small and large by their digits.

    >>> [number_text(x) for x in (1200, 1234.5, 0.125, 0.00012345, 2.0, 1.5e20)]
    ['1,200', '1,234.5', '0.125', '0.000123', '2', '1.5e+20']
    """
    if n is None or n != n:
        return NOTHING
    if abs(n) >= 1e15:
        return f"{n:.3g}"
    if abs(n) >= 0.01 or n == 0:
        return f"{n:,.3f}".rstrip("0").rstrip(".")
    return f"{n:.3g}"


def edge_text(number: float) -> str:
    """A number that something ends at, with all its digits; one of 32 bits with those that it has.

    >>> [edge_text(x) for x in (0.1 + 0.2, 1000000.25, 1.2999999523162842, 12345678.0)]
    ['0.3', '1,000,000.25', '1.3', '12,345,678']
    """
    single = number != round(number) and float(np.float32(number)) == number and abs(number) < 1e6
    return f"{number:,.{7 if single else 12}g}"


def percent_text(share: float | None) -> str:
    """A share between 0 and 1 in percent with one decimal.

    >>> percent_text(0.12)
    '12.0 %'
    """
    return NOTHING if share is None or share != share else f"{100 * share:.1f} %"


def change_text(value: float | None, before: float | None) -> str:
    """How much more or less than before, as a share of that; nothing where there is none.

    >>> change_text(12, 10), change_text(9, 10), change_text(10, 10), change_text(3, 0)
    ('+20.0 %', '−10.0 %', '0.0 %', '–')
    """
    if value is None or before is None or not before:
        return NOTHING
    share = value / before - 1
    return f"{'+' if share > 0 else '−' if share < 0 else ''}{percent_text(abs(share))}"


def size_text(size: int) -> str:
    """A number of bytes as people say it.

    >>> [size_text(x) for x in (0, 950, 626_919, 20_500_000, 1_943_000_000)]
    ['0 bytes', '950 bytes', '627 kB', '20 MB', '1.9 GB']
    """
    if size < 1_000:
        return f"{size} byte{'' if size == 1 else 's'}"
    unit, per = next((one for one in SIZES if size < 999.5 * one[1]), SIZES[-1])
    return f"{size / per:.1f} {unit}" if size < 9.95 * per and per > 1_000 else f"{size / per:.0f} {unit}"


def received_text(received: int, size: int) -> str:
    """How much of so many bytes has come, in the unit of the whole.

    >>> received_text(83_200_000, 200_000_000), received_text(0, 1_500_000_000)
    ('83 of 200 MB', '0.0 of 1.5 GB')
    """
    whole = size_text(size)
    number, unit = whole.split()
    per = dict(SIZES).get(unit, 1)
    return f"{received / per:.{1 if '.' in number else 0}f} of {whole}"


def local_time(us: float, zone: str | None) -> datetime:
    """The wall clock, without a zone, at so many microseconds since 1970 in an IANA zone (None: as it is).

    What lies beyond the years 1 and 9999, where Python's datetime ends, is the nearest that does not; at these ends,
    where a zone has no wall clock, it is that of UTC.

    >>> local_time(0, "Europe/Berlin")
    datetime.datetime(1970, 1, 1, 1, 0)
    """
    within = min(max(int(us), _EARLIEST), _LATEST)
    moment = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=within)
    try:
        return (moment.astimezone(ZoneInfo(zone)) if zone else moment).replace(tzinfo=None)
    except OverflowError:
        return moment.replace(tzinfo=None)


def day_text(moment: datetime, *, year: bool = True) -> str:
    """The day of a time.

    >>> day_text(datetime(2024, 3, 4)), day_text(datetime(2024, 3, 4), year=False)
    ('4 Mar 2024', '4 Mar')
    """
    return f"{moment.day} {moment:%b}" + (f" {moment.year}" if year else "")


def clock_text(moment: datetime) -> str:
    """The time of day on an axis or at an edge, with seconds only where there are any.

    >>> clock_text(datetime(2024, 3, 4, 14)), clock_text(datetime(2024, 3, 4, 14, 0, 5))
    ('14:00', '14:00:05')
    """
    return f"{moment:%H:%M:%S}" if moment.second else f"{moment:%H:%M}"


def time_text(us: int | None, zone: str | None = None, fine: str = "seconds") -> str:
    """A time in microseconds since 1970 as day and clock in an IANA zone (None: as it is); a dash for none.

    `fine` is the smallest unit that is written: seconds, milliseconds or microseconds.

    >>> time_text(1_709_561_106_000_000), time_text(1_709_560_800_000_000)
    ('4 Mar 2024 14:05:06', '4 Mar 2024 14:00:00')
    """
    if us is None:
        return NOTHING
    moment = local_time(us, zone)
    return f"{day_text(moment)} {moment.time().isoformat(fine)}"


def calendar_labels(moments: Sequence[datetime]) -> list[str]:
    """Times along an axis: months, days, or clocks inside a day; the first, and the first of a year, say the year.

    >>> calendar_labels([datetime(2023, 11, 1), datetime(2023, 12, 1), datetime(2024, 1, 1)])
    ['Nov 2023', 'Dec', 'Jan 2024']
    >>> calendar_labels([datetime(2024, 3, 4), datetime(2024, 3, 4, 12), datetime(2024, 3, 5)])
    ['4 Mar 2024', '12:00', '5 Mar']
    """
    monthly = len(moments) > 1 and all(each.day == 1 and not (each.hour or each.minute) for each in moments)
    found, year = [], 0
    for each in moments:
        if each.hour or each.minute:
            found.append(clock_text(each))
            continue
        new, year = each.year != year, each.year
        found.append((f"{each:%b %Y}" if new else f"{each:%b}") if monthly else day_text(each, year=new))
    return found
