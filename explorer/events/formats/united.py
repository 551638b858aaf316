"""What was assumed about several files, said once."""

from collections.abc import Sequence

from explorer.events.quality.assumption import Assumption


def together(labels: Sequence[str], said: Sequence[tuple[Assumption, ...]]) -> tuple[Assumption, ...]:
    """The assumptions of several files; what not all of them share is said with the files that it is true of."""
    if len(labels) == 1:
        return said[0]
    files: dict[tuple[str, str], list[int]] = {}
    examples: dict[tuple[str, str], str] = {}
    for at, some in enumerate(said):
        for one in some:
            files.setdefault((one.what, one.value), []).append(at)
            examples.setdefault((one.what, one.value), one.example)
    made = []
    for (what, value), places in files.items():
        where = ", ".join(labels[at] for at in places[:3]) + (f" and {len(places) - 3} more" if len(places) > 3 else "")
        shown = value if len(places) == len(labels) else f"{value}, in {where}"
        made.append(Assumption(what, shown, examples[what, value]))
    return tuple(made)
