"""Names of columns, all different."""

from collections.abc import Iterable

from explorer.events.assumption import Assumption


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
