"""Names of columns, all different."""

from collections.abc import Iterable

import polars as pl

from explorer.events.quality.assumption import Assumption


def distinct(names: Iterable[str]) -> tuple[tuple[str, ...], tuple[Assumption, ...]]:
    """The names, those that stand twice with a number behind; and what was done.

    >>> distinct(["a", "b", "a", "a_2"])[0]
    ('a', 'b', 'a_3', 'a_2')
    """
    given = list(names)
    taken, made, said = set(given), [], []
    seen: set[str] = set()
    for name in given:
        unique, number = name, 2
        while unique in seen or (unique != name and unique in taken):
            unique, number = f"{name}_{number}", number + 1
        if unique != name:
            said.append(f"{name} is called {unique}")
        seen.add(unique)
        made.append(unique)
    told = (Assumption("names that stand twice", "; ".join(said)),) if said else ()
    return tuple(made), told


# What a name means in here, or to Polars, is no column of the source: `*` and `^...$` are several.
OURS = {
    *("@actor", "@time", "@gap", "@forced", "@place", "@value", "@size", "@row", "@owner", "@number", "@end"),
    *("@kept", "@session", "@at", "@top", "@x", "@y", "@actor_of_row"),
}


def plain_names(lazy: pl.LazyFrame) -> tuple[pl.LazyFrame, tuple[Assumption, ...]]:
    """The columns by names that can be said; and which were changed.

    >>> plain_names(pl.LazyFrame({"": [1], "*": [2], "a": [3]}))[0].collect_schema().names()
    ['unnamed', 'column *', 'a']
    """
    names = lazy.collect_schema().names()
    odd = [name for name in names if _plain(name) != name]
    if not odd:
        return lazy, ()
    sure = [name for name in names if name not in odd]
    changed = dict(zip(odd, distinct([*sure, *map(_plain, odd)])[0][len(sure) :], strict=True))
    said = "; ".join(f"{name!r} is called {new}" for name, new in changed.items())
    return lazy.rename(changed), (Assumption("names of columns", said),)


def _plain(name: str) -> str:
    if not name.strip():
        return "unnamed"
    several = name == "*" or (name.startswith("^") and name.endswith("$"))
    return f"column {name}" if several or name in OURS else name
