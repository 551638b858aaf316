"""Functions of texts, and of JSON in texts."""

import re
from typing import Any

from sqlglot import exp

from explorer.errors import SpecError
from explorer.spec.expression.functions.building import attempted, call, collated, null_if, piece
from explorer.spec.expression.functions.table import Function, forms, refuse_unless
from explorer.spec.expression.regexp import checked_regexp, groups_of, in_sql

STEP = re.compile(r"""\.([A-Za-z_][\w-]*)|\."([^"]+)"|\['([^']+)'\]|\["([^"]+)"\]|\[(\d+)\]""")


def path_steps(path: str) -> list[str | int]:
    """The steps of a path into JSON; raises SpecError.

    >>> path_steps("$.a[0].b")
    ['a', 0, 'b']
    """
    found: list[str | int] = []
    at = 1
    while path.startswith("$") and at < len(path):
        step = STEP.match(path, at)
        if step is None:
            break
        found.append(int(step[5]) if step[5] else next(part for part in step.groups()[:4] if part))
        at = step.end()
    refuse_unless(
        bool(found) and at == len(path),
        f"'{path}' is not a path into JSON. Write the names from the outside in: '$.order.total' or '$.items[0]'.",
    )
    return found


def _path(path: str, quoted: str) -> str:
    def one(step: str | int) -> str:
        return f"[{step}]" if isinstance(step, int) else f".{step}" if step.isidentifier() else quoted.format(step)

    return "$" + "".join(map(one, path_steps(path)))


def _json_value(dialect: str, text: exp.Expr, path: str) -> exp.Expr:
    said = _path(path, '."{}"')
    if dialect == "duckdb":
        return attempted(dialect, call("JSON_EXTRACT_STRING", text, said))
    if dialect == "clickhouse":
        steps = [step + 1 if isinstance(step, int) else step for step in path_steps(path)]
        return null_if(call("JSONExtractString", text, *steps), "")
    if dialect == "spark":
        return call("GET_JSON_OBJECT", text, _path(path, "['{}']"))
    if dialect == "bigquery":
        return call("JSON_VALUE", text, said)
    if dialect == "snowflake":
        return exp.cast(
            call("GET_PATH", call("TRY_PARSE_JSON", text), said.removeprefix("$").removeprefix(".")), "text"
        )
    steps = [str(step) for step in path_steps(path)]
    return call("JSON_EXTRACT_PATH_TEXT", exp.cast(text, "json"), *steps)


def _part(p: Any, text: Any, separator: str, place: int) -> Any:
    parts = text.str.split(separator)
    found = parts.list.get(place - 1 if place > 0 else place, null_on_oob=True)
    return p.when(text.is_not_null()).then(found.fill_null(""))


def _split_part(dialect: str, text: exp.Expr, separator: str, place: int) -> exp.Expr:
    if dialect == "clickhouse":
        at = exp.Bracket(this=call("splitByString", separator, text), expressions=[piece(place)], offset=1)
        return exp.If(this=text.copy().is_(exp.null()), true=exp.null(), false=at)
    if dialect == "bigquery":
        at = exp.Bracket(
            this=exp.Split(this=text, expression=piece(separator)), expressions=[call("SAFE_ORDINAL", place)]
        )
        return exp.Coalesce(this=at, expressions=[exp.If(this=exp.not_(text.copy().is_(exp.null())), true=piece(""))])
    return call("SPLIT_PART", text, separator, place)


def _check_part(separator: str, place: int) -> None:
    refuse_unless(bool(separator), "split_part needs something to split at, such as '/'; this text is empty.")
    refuse_unless(place != 0, "split_part counts from 1, or from -1 at the end; there is no part 0.")


def _check_replace(old: str, new: str) -> None:
    refuse_unless(bool(old), "replace needs a text to look for; this one is empty.")


def _check_pattern(pattern: str, group: int = 0) -> None:
    checked_regexp(pattern)
    count = groups_of(pattern)
    refuse_unless(
        0 <= group <= count,
        f"'{pattern}' has {count or 'no'} group{'' if count == 1 else 's'} in brackets, not {group}.",
    )


def _extracted(p: Any, text: Any, pattern: str, group: int = 0) -> Any:
    found = text.str.extract(pattern, group)
    return p.when(found != "").then(found)


def _extract(dialect: str, text: exp.Expr, pattern: str, group: int = 0) -> exp.Expr:
    said = in_sql(pattern, dialect)
    match dialect:
        case "postgres" | "bigquery":
            inner = said if group == 0 and groups_of(pattern) == 0 else f"({said})" if group == 0 else said
            if dialect == "postgres":
                matched = exp.Paren(this=call("REGEXP_MATCH", text, inner))
                at = max(group, 1)
                return null_if(exp.Bracket(this=matched, expressions=[piece(at)], offset=1), "")
            return null_if(call("REGEXP_EXTRACT", text, inner), "")
        case "clickhouse":
            return null_if(call("regexpExtract", text, said, group), "")
        case "snowflake":
            return null_if(call("REGEXP_SUBSTR", text, said, 1, 1, "e", group), "")
    return null_if(call("REGEXP_EXTRACT", text, said, group), "")


def _check_substr(start: int, length: int = 0) -> None:
    refuse_unless(start > 0, "substr counts from 1. For the end of a text write right(text, 3).")
    refuse_unless(length >= 0, "The length of a part of a text is not below 0.")


def _check_count(count: int) -> None:
    refuse_unless(count >= 0, "The length of a part of a text is not below 0.")


def _substr(p: Any, text: Any, start: int, length: int | None = None) -> Any:
    return text.str.slice(start - 1) if length is None else text.str.slice(start - 1, length)


def _joined_sql(dialect: str, *texts: exp.Expr) -> exp.Expr:
    found = texts[0]
    for text in texts[1:]:
        found = exp.DPipe(this=found, expression=text, safe=False)
    return exp.Paren(this=found)


def _trimmed(name: str) -> Any:
    position = {"ltrim": "LEADING", "rtrim": "TRAILING"}.get(name)

    def written(dialect: str, text: exp.Expr, signs: str = " ") -> exp.Expr:
        if dialect in ("duckdb", "postgres", "bigquery", "snowflake"):
            return call(name.upper().replace("TRIM", "TRIM"), text, signs)
        return exp.Trim(this=text, expression=piece(signs), position=position or "BOTH")

    return written


def _check_signs(signs: str = " ") -> None:
    if not signs:
        raise SpecError("trim takes away signs, and here are none. Leave the second value out for spaces.")


def _cased(name: str) -> Any:
    def written(to: str, text: exp.Expr) -> exp.Expr:
        if to == "clickhouse":  # whose LOWER knows no letter beyond ASCII
            return call(f"{name}UTF8", text)
        cased = exp.Lower if name == "lower" else exp.Upper
        if to == "postgres":  # where texts that are ordered by code have no case beyond ASCII
            return collated(cased(this=collated(text, "default")), "C")
        return cased(this=text)

    return written


GROUP = "Text"
TEXT = (
    Function(
        "lower", GROUP, "lower case", "{0} in lower case", "lower('Ab')", "ab", forms("T>T"),
        polars=lambda p, text: text.str.to_lowercase(), sql=_cased("lower"), also=("lcase",),
    ),
    Function(
        "upper", GROUP, "upper case", "{0} in upper case", "upper('Ab')", "AB", forms("T>T"),
        polars=lambda p, text: text.str.to_uppercase(), sql=_cased("upper"), also=("ucase",),
    ),
    Function(
        "trim", GROUP, "without spaces around it", "{0} without spaces around it", "trim('  a b ')", "a b",
        forms("T>T", "TT>T"), fixed=(1,), check=_check_signs,
        polars=lambda p, text, signs=" ": text.str.strip_chars(signs), sql=_trimmed("trim"),
    ),
    Function(
        "ltrim", GROUP, "without spaces before it", "{0} without spaces before it", "ltrim('  a ')", "a ",
        forms("T>T", "TT>T"), fixed=(1,), check=_check_signs,
        polars=lambda p, text, signs=" ": text.str.strip_chars_start(signs), sql=_trimmed("ltrim"),
    ),
    Function(
        "rtrim", GROUP, "without spaces behind it", "{0} without spaces behind it", "rtrim('  a ')", "  a",
        forms("T>T", "TT>T"), fixed=(1,), check=_check_signs,
        polars=lambda p, text, signs=" ": text.str.strip_chars_end(signs), sql=_trimmed("rtrim"),
    ),
    Function(
        "replace", GROUP, "with a text replaced", "{0} with {1} replaced by {2}", "replace('a-b-c', '-', '/')", "a/b/c",
        forms("TTT>T"), fixed=(1, 2), check=_check_replace,
        polars=lambda p, text, old, new: text.str.replace_all(old, new, literal=True),
        sql=lambda to, text, old, new: call("REPLACE", text, old, new),
    ),
    Function(
        "split_part", GROUP, "part between separators", "part {2} of {0} split at {1}",
        "split_part('/a/b', '/', 2)", "a",
        forms("TTW>T"), fixed=(1, 2), check=_check_part, polars=_part, sql=_split_part,
    ),
    Function(
        "regexp_extract", GROUP, "what a pattern finds", "what {1} finds in {0}",
        "regexp_extract('/item/42', '(\\d+)', 1)", "42", forms("TT>T", "TTW>T"), fixed=(1, 2), check=_check_pattern,
        polars=_extracted, sql=_extract,
    ),
    Function(
        "length", GROUP, "number of characters", "the length of {0}", "length('été')", 3, forms("T>W"),
        polars=lambda p, text: text.str.len_chars().cast(p.Int64),
        sql=lambda to, text: call("lengthUTF8" if to == "clickhouse" else "LENGTH", text),
        also=("len", "char_length"),
    ),
    Function(
        "substr", GROUP, "part by its place", "{0} from character {1}", "substr('abcdef', 2, 3)", "bcd",
        forms("TW>T", "TWW>T"), fixed=(1, 2), check=_check_substr, polars=_substr,
        sql=lambda to, text, *at: call("substringUTF8" if to == "clickhouse" else "SUBSTR", text, *at),
        also=("substring",),
    ),
    Function(
        "left", GROUP, "first characters", "the first {1} characters of {0}", "left('abcdef', 2)", "ab", forms("TW>T"),
        fixed=(1,), check=_check_count, polars=lambda p, text, count: text.str.head(count),
        sql=lambda to, text, count: call("leftUTF8" if to == "clickhouse" else "LEFT", text, count),
    ),
    Function(
        "right", GROUP, "last characters", "the last {1} characters of {0}", "right('abcdef', 2)", "ef", forms("TW>T"),
        fixed=(1,), check=_check_count, polars=lambda p, text, count: text.str.tail(count),
        sql=lambda to, text, count: call("rightUTF8" if to == "clickhouse" else "RIGHT", text, count),
    ),
    Function(
        "concat", GROUP, "joined to one text", "{*} joined", "concat('a', '-', 1)", "a-1", forms("TT>T"), many=True,
        polars=lambda p, *texts: p.concat_str(*texts), sql=_joined_sql, also=("||",),
    ),
    Function(
        "json_value", GROUP, "value inside JSON", "{1} of the JSON in {0}",
        "json_value('{\"a\": {\"b\": 7}}', '$.a.b')", "7",
        forms("TT>T"), fixed=(1,), check=path_steps,
        polars=lambda p, text, path: text.str.json_path_match(_path(path, "['{}']")), sql=_json_value,
    ),
)  # fmt: skip
