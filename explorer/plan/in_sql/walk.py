"""Where sessions begin in a stretch of events, by a walk over the list of these: a state is carried from one to the
next."""

from __future__ import annotations

from sqlglot import exp

EVENT, STATE = "event", "state"


def begins(position: exp.Expr, closed_at: exp.Expr, known: exp.Expr, opening_at: exp.Expr) -> exp.Expr:
    """The positions at which sessions begin, as a list. Where one is closed whatever it holds (`known`), or where the
    one before it says so (`closed_at`), the next one is awaited; it begins where an event opens it (`opening_at`)."""
    its = {"position": position, "closed_at": closed_at, "known": known, "opening_at": opening_at}
    events = {name: value if name == "known" else _whole(value) for name, value in its.items()}
    listed = _call("SORT_ARRAY", _call("COLLECT_LIST", _struct(events)))
    nothing = exp.cast(_call("ARRAY"), "array<bigint>")
    before = _struct({"closed_at": _whole(_zero()), "awaited": _whole(_zero()), "begins": nothing})

    here = _of(EVENT, "position")
    closed = exp.or_(_of(EVENT, "known"), exp.EQ(this=here, expression=_of(STATE, "closed_at")))
    awaited = exp.Case().when(closed, _of(EVENT, "opening_at")).else_(_of(STATE, "awaited"))
    opens = exp.EQ(this=here.copy(), expression=exp.Paren(this=awaited.copy()))
    longer = _call("ARRAY_APPEND", _of(STATE, "begins"), here.copy())
    after = _struct(
        {
            "closed_at": exp.Case().when(opens, _of(EVENT, "closed_at")).else_(_of(STATE, "closed_at")),
            "awaited": awaited,
            "begins": exp.Case().when(opens.copy(), longer).else_(_of(STATE, "begins")),
        }
    )
    return _call("AGGREGATE", listed, before, _lambda(after, STATE, EVENT), _lambda(_of(STATE, "begins"), STATE))


def _of(row: str, name: str) -> exp.Expr:
    return exp.Dot(this=exp.to_identifier(row), expression=exp.to_identifier(name))


def _struct(fields: dict[str, exp.Expr]) -> exp.Expr:
    return _call(
        "NAMED_STRUCT", *(part for name, value in fields.items() for part in (exp.Literal.string(name), value))
    )


def _lambda(body: exp.Expr, *names: str) -> exp.Expr:
    return exp.Lambda(this=body, expressions=[exp.to_identifier(name) for name in names])


def _call(name: str, *values: exp.Expr) -> exp.Expr:
    return exp.Anonymous(this=name, expressions=list(values))


def _whole(value: exp.Expr) -> exp.Expr:
    return exp.cast(value, "bigint")


def _zero() -> exp.Expr:
    return exp.Literal.number(0)
