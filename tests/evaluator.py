"""What an expression says, once more as slow and obvious Python over one row: engines must agree with this.

It is written from the text of the contract and knows no engine. Texts beside a time or a length are read by
the values that they stand beside. Null is None.
"""

import json
import math
import re
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import unquote_plus
from zoneinfo import ZoneInfo

from explorer.spec.duration import Duration

Row = dict[str, Any]
US = timedelta(microseconds=1)
EPOCH = datetime(1970, 1, 1)
LEAST, MOST = -(2**63), 2**63 - 1
NUMBER = re.compile(r" *[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)? *")
TIME = re.compile(
    r" *[1-9][0-9]{3}-[0-9]{2}-[0-9]{2}([ T]([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9](\.[0-9]{1,6})?)?)? *"
)


class Evaluator:
    """Values and conditions over rows; times with a zone are looked at in `zone`, and `now` is now."""

    def __init__(self, zone: str | None = None, now: datetime | None = None) -> None:
        self.zone, self.now = ZoneInfo(zone or "UTC"), now

    # ---- conditions: true or false, never null

    def holds(self, clause: Any, row: Row) -> bool:
        match type(clause).__name__:
            case "All":
                return all(self.holds(part, row) for part in clause.clauses)
            case "Any":
                return any(self.holds(part, row) for part in clause.clauses)
            case "Not":
                return not self.holds(clause.clause, row)
            case "IsNull":
                return self.side(clause.column, row) is None
            case "In":
                return any(self.compare("=", clause.column, value, row) for value in clause.values)
            case "Between":
                low, high = (self.compare(">=", clause.column, clause.low, row), True)
                high = self.compare("<=", clause.column, clause.high, row)
                return low and high
            case "Compare":
                return self.compare(clause.op, clause.column, clause.value, row)
        text, pattern = self.side(clause.column, row), self.said(clause.pattern, row)
        if text is None or pattern is None:
            return False
        match clause.op:
            case "contains":
                return pattern in text
            case "starts_with":
                return text.startswith(pattern)
            case "ends_with":
                return text.endswith(pattern)
            case "regexp":
                return re.search(pattern, text) is not None
        flags = re.DOTALL | (re.IGNORECASE if clause.op == "ilike" else 0)
        like = "".join({"%": ".*", "_": "."}.get(sign, re.escape(sign)) for sign in pattern)
        return re.fullmatch(like, text, flags) is not None

    def compare(self, op: str, one: Any, other: Any, row: Row) -> bool:
        left, right = self.alike([self.side(one, row), self.said(other, row)])
        if left is None or right is None:
            return op == "!="
        return bool(
            {"=": left == right, "!=": left != right}[op]
            if op in ("=", "!=")
            else {"<": left < right, "<=": left <= right, ">": left > right, ">=": left >= right}[op]
        )

    def side(self, operand: Any, row: Row) -> Any:
        return known(field(operand, row)) if isinstance(operand, str) else self.value(operand, row)

    def said(self, operand: Any, row: Row) -> Any:
        return operand if operand is None or isinstance(operand, str | int | float) else self.value(operand, row)

    def alike(self, values: list[Any]) -> list[Any]:
        """Texts beside times and lengths as these; whole numbers beside others as others."""
        for kind, read in ((timedelta, length), (datetime, self.time)):
            if any(isinstance(value, kind) for value in values):
                aware = any(isinstance(value, datetime) and value.tzinfo for value in values)
                return [read(value, aware) if isinstance(value, str) else value for value in values]
        if any(isinstance(value, float) for value in values):
            return [
                float(value) if isinstance(value, int) and not isinstance(value, bool) else value for value in values
            ]
        return values

    def time(self, text: str, aware: bool) -> datetime:
        found = datetime.fromisoformat(text.strip())
        return found.replace(tzinfo=self.zone) if aware and not found.tzinfo else found

    # ---- values

    def value(self, node: Any, row: Row) -> Any:
        match type(node).__name__:
            case "Column":
                return known(field(node.name, row))
            case "Constant":
                return node.value
            case "Truth":
                return self.holds(node.clause, row)
            case "Case":
                for condition, value in node.branches:
                    if self.holds(condition, row):
                        return self.value(value, row)
                return None if node.otherwise is None else self.value(node.otherwise, row)
            case "Cast":
                return self.cast(self.value(node.value, row), node.kind)
        if node.function == "now":
            return self.now
        values = [self.value(argument, row) for argument in node.arguments]
        if node.function == "coalesce":
            return next((value for value in values if value is not None), None)
        if node.function == "nullif":
            one, other = self.alike(values)
            return None if one is not None and one == other else values[0]
        if any(value is None for value in values):
            return None
        if node.function in ("least", "greatest"):
            found = self.alike(values)
            return (min if node.function == "least" else max)(found)
        return known(self.call(node.function, values))

    def call(self, name: str, values: list[Any]) -> Any:
        if name in ("+", "-", "*", "/", "%", "negate"):
            return self.arithmetic(name, values)
        if name in ("concat", "||"):
            return "".join(self.cast(value, "text") for value in values)
        if name in PARTS:
            time = values[0].astimezone(self.zone) if values[0].tzinfo else values[0]
            return PARTS[name](time)
        if name == "date_trunc":
            return self.trunc(*values)
        return FUNCTIONS[name](*values)

    def arithmetic(self, name: str, values: list[Any]) -> Any:
        if name == "negate":
            return whole(-values[0])
        one, other = values
        if isinstance(one, str) or isinstance(other, str):
            one, other = self.beside(one, other)
        lengths = (isinstance(one, timedelta), isinstance(other, timedelta))
        match name:
            case "+":
                return whole(one + other)
            case "-":
                return whole(one - other)
            case "*" if any(lengths):
                us, factor = (one // US, other) if lengths[0] else (other // US, one)
                return micro(float(us) * factor)
            case "*":
                return whole(one * other)
            case "/" if lengths == (True, True):
                return (one // US) / (other // US) if other else None
            case "/" if lengths[0]:
                return micro(float(one // US) / other) if other else None
            case "/":
                return float(one) / float(other) if other else None
        if not other:
            return None
        if isinstance(one, int) and isinstance(other, int):
            return whole(int(math.copysign(1, one)) * (abs(one) % abs(other)))
        return math.fmod(one, other) if math.isfinite(one) else None

    def beside(self, one: Any, other: Any) -> tuple[Any, Any]:
        """What a text means beside a time: a time if it is one, else a length."""

        def read(text: str, near: Any) -> Any:
            if isinstance(near, datetime):
                try:
                    return self.time(text, near.tzinfo is not None)
                except ValueError:
                    pass
            return length(text)

        return (
            read(one, other) if isinstance(one, str) else one,
            read(other, one) if isinstance(other, str) else other,
        )

    def trunc(self, unit: str, time: datetime) -> datetime:
        clock = time.astimezone(self.zone).replace(tzinfo=None) if time.tzinfo else time
        day = clock.replace(hour=0, minute=0, second=0, microsecond=0)
        begin = {
            "year": day.replace(month=1, day=1),
            "quarter": day.replace(month=(day.month - 1) // 3 * 3 + 1, day=1),
            "month": day.replace(day=1),
            "week": day - timedelta(days=day.weekday()),
            "day": day,
            "hour": clock.replace(minute=0, second=0, microsecond=0),
            "minute": clock.replace(second=0, microsecond=0),
            "second": clock.replace(microsecond=0),
        }[unit.lower()]
        if not time.tzinfo:
            return begin
        if unit in ("hour", "minute", "second"):
            return time - (clock - begin)
        return begin.replace(tzinfo=self.zone).astimezone(UTC)

    def cast(self, value: Any, kind: str) -> Any:
        if value is None:
            return None
        if isinstance(value, datetime) and kind in ("text", "time", "day") and value.tzinfo:
            value = value.astimezone(self.zone).replace(tzinfo=None)
        match kind:
            case "text" if isinstance(value, bool):
                return "true" if value else "false"
            case "text":
                return value.isoformat(" ") if isinstance(value, datetime) else str(value)
            case "truth" if isinstance(value, str):
                return {"true": True, "false": False}.get(value.lower())
            case "truth":
                return value != 0
            case "duration":
                return length(value) if isinstance(value, str) else value
            case "number" if isinstance(value, str):
                found = float(value) if NUMBER.fullmatch(value) else math.nan
                return found if math.isfinite(found) else None
            case "number":
                return float(value)
            case "whole" if isinstance(value, str):
                if re.fullmatch(" *[+-]?[0-9]+ *", value):
                    return whole(int(value))
                return self.cast(self.cast(value, "number"), "whole")
            case "whole" if isinstance(value, float):
                return whole(round(value)) if math.isfinite(value) else None
            case "whole":
                return int(value)
        if isinstance(value, str):
            try:
                value = datetime.fromisoformat(value.strip(" ")) if TIME.fullmatch(value) else None
            except ValueError:
                value = None
            if value is None:
                return None
        if kind == "day":
            return value.replace(hour=0, minute=0, second=0, microsecond=0)
        if kind == "instant" and not value.tzinfo:
            return value.replace(tzinfo=self.zone).astimezone(UTC)
        return value


# ---- small pieces


def field(name: str, row: Row) -> Any:
    """A column, or the field of a record in one."""
    if name in row:
        return row[name]
    *path, last = name.split(".")
    inner = row[".".join(path)]
    return None if inner is None else inner[last]


def known(value: Any) -> Any:
    """A NaN is null."""
    return None if isinstance(value, float) and math.isnan(value) else value


def whole(value: Any) -> Any:
    """Null beyond 64 bits."""
    if isinstance(value, int) and not isinstance(value, bool) and not LEAST <= value <= MOST:
        return None
    return value


def micro(us: float) -> timedelta | None:
    return int(us) * US if math.isfinite(us) and LEAST <= us <= MOST else None


def length(text: str, aware: bool = False) -> timedelta:
    sign = -1 if text.strip().startswith("-") else 1
    return sign * Duration.parse(text.strip().removeprefix("-")).us * US


def finite(value: float) -> float | None:
    return value if math.isfinite(value) else None


def rounded(value: float, digits: int = 0) -> float:
    scaled = value * 10.0**digits
    if not math.isfinite(scaled):
        return value
    below = math.floor(abs(scaled))
    up = below + 1 if abs(scaled) - below >= 0.5 else below
    return math.copysign(up, scaled) / 10.0**digits


def power(value: float, other: float) -> float | None:
    try:
        return finite(math.pow(value, other))
    except (OverflowError, ValueError):
        return None


def exponential(value: float) -> float | None:
    try:
        return finite(math.exp(value))
    except OverflowError:
        return None


def part(text: str, separator: str, place: int) -> str:
    parts = text.split(separator)
    at = place - 1 if place > 0 else len(parts) + place
    return parts[at] if 0 <= at < len(parts) else ""


def extract(text: str, pattern: str, group: int = 0) -> str | None:
    found = re.search(pattern, text)
    return (found.group(group) or None) if found else None


def host(url: str) -> str | None:
    found = re.match(r"(?:[A-Za-z][A-Za-z0-9+.-]*:)?//([^/?#]*)", url)
    if not found:
        return None
    name = found[1].rpartition("@")[2]
    name = name[: name.index("]") + 1] if name.startswith("[") and "]" in name else name.partition(":")[0]
    return name.lower() or None


def path(url: str) -> str | None:
    found = re.match(r"(?:[A-Za-z][A-Za-z0-9+.-]*:)?//[^/?#]*", url)
    rest = url[found.end() :] if found else url
    bare = rest.partition("#")[0].partition("?")[0]
    return bare or ("/" if found else None)


def param(url: str, name: str) -> str | None:
    query = url.partition("#")[0].partition("?")[2]
    for pair in query.split("&"):
        key, equals, value = pair.partition("=")
        if equals and key == name:
            try:
                return unquote_plus(value, errors="strict") or None
            except UnicodeDecodeError:
                return None
    return None


def json_value(text: str, path: str) -> str | None:
    try:
        found = json.loads(text)
    except ValueError:
        return None
    for step in re.findall(r"\.(\w+)|\[(\d+)\]", path):
        if step[0]:
            found = found.get(step[0]) if isinstance(found, dict) else None
        else:
            found = found[int(step[1])] if isinstance(found, list) and int(step[1]) < len(found) else None
    if found is None or isinstance(found, str):
        return found
    return json.dumps(found, separators=(",", ":"), ensure_ascii=False)


PARTS = {
    "year": lambda time: time.year,
    "quarter": lambda time: (time.month + 2) // 3,
    "month": lambda time: time.month,
    "week": lambda time: time.isocalendar().week,
    "day": lambda time: time.day,
    "dayofyear": lambda time: time.timetuple().tm_yday,
    "weekday": lambda time: time.isoweekday(),
    "hour": lambda time: time.hour,
    "minute": lambda time: time.minute,
    "second": lambda time: time.second,
}
FUNCTIONS = {
    "lower": str.lower,
    "upper": str.upper,
    "trim": lambda text, signs=" ": text.strip(signs),
    "ltrim": lambda text, signs=" ": text.lstrip(signs),
    "rtrim": lambda text, signs=" ": text.rstrip(signs),
    "replace": str.replace,
    "split_part": part,
    "regexp_extract": extract,
    "length": len,
    "substr": lambda text, start, count=None: (
        text[start - 1 :] if count is None else text[start - 1 : start - 1 + count]
    ),
    "left": lambda text, count: text[:count],
    "right": lambda text, count: text[-count:] if count else "",
    "json_value": json_value,
    "url_host": host,
    "url_path": path,
    "url_param": param,
    "abs": lambda value: whole(abs(value)),
    "round": rounded,
    "floor": lambda value: float(math.floor(value)) if math.isfinite(value) else value,
    "ceil": lambda value: float(math.ceil(value)) if math.isfinite(value) else value,
    "sqrt": lambda value: math.sqrt(value) if value >= 0 else None,
    "ln": lambda value: math.log(value) if value > 0 else None,
    "log10": lambda value: math.log10(value) if value > 0 else None,
    "log2": lambda value: math.log2(value) if value > 0 else None,
    "exp": exponential,
    "power": power,
    "seconds": lambda value: (value // US) / 1_000_000,
}
