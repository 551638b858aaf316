"""Two commits in turn: `python -m tests.bench.compare A B [-k WORDS] [--turns 5]`.

Each turn runs the benchmarks of both commits, in checkouts of their own; what is printed are ratios of the medians of
one turn, B to A, with the least and the greatest of all turns: below 1, B is faster. Machines differ, ratios less so.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from statistics import median

from tests.bench.__main__ import measured
from tests.bench.figures import ROOT, Figures, figures_of, time_text


@contextmanager
def checked_out(commit: str) -> Iterator[Path]:
    """A checkout of a commit that is gone afterwards."""
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made) / "checkout"
        subprocess.run(["git", "worktree", "add", "-q", "--detach", str(folder), commit], cwd=ROOT, check=True)
        try:
            yield folder
        finally:
            subprocess.run(["git", "worktree", "remove", "--force", str(folder)], cwd=ROOT, check=True)


def lines(turns: Sequence[tuple[Figures, Figures]]) -> Iterator[str]:
    """One line for each benchmark that both commits have.

    >>> one = {"test_cut": {"median": 0.2}}, {"test_cut": {"median": 0.1}, "test_new": {"median": 1.0}}
    >>> other = {"test_cut": {"median": 0.2}}, {"test_cut": {"median": 0.12}}
    >>> list(lines([one, other]))
    ['test_cut                                            0.55  (0.50 to 0.60)    200 ms to 110 ms']
    """
    first, second = turns[0]
    for name in first:
        if name not in second:
            continue
        pairs = [(before[name]["median"], after[name]["median"]) for before, after in turns]
        ratios = [after / before for before, after in pairs]
        old, new = (time_text(median(each[at] for each in pairs)) for at in (0, 1))
        yield f"{name:<50} {median(ratios):5.2f}  ({min(ratios):.2f} to {max(ratios):.2f})    {old} to {new}"


def main() -> None:
    """Run both in turn and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("a", help="a commit")
    parser.add_argument("b", help="another, or HEAD")
    parser.add_argument("-k", dest="words", default="", help="only these benchmarks, as pytest chooses them")
    parser.add_argument("--turns", type=int, default=5)
    options = parser.parse_args()
    with checked_out(options.a) as one, checked_out(options.b) as other:
        turns = [
            (figures_of(measured(one, options.words)), figures_of(measured(other, options.words)))
            for _ in range(options.turns)
        ]
    print(f"{options.b} beside {options.a}, {options.turns} turns")
    for line in lines(turns):
        sys.stdout.write(f"{line}\n")


if __name__ == "__main__":
    main()
