"""Measure how fast it is: `python -m tests.bench [-k WORDS] [--json FILE] [--readme]`.

`BENCH_EVENTS` events (10 million). The figures go to a JSON with the commit and what the machine is; with --readme they
are kept beside the benchmarks, and README's table is made from them. Two commits: `python -m tests.bench.compare`.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from tests.bench.figures import FIGURES, README, ROOT, commit, figures_of, machine, with_table

EVENTS = "BENCH_EVENTS"


def measured(folder: Path, words: str = "", python: str = sys.executable) -> dict[str, Any]:
    """Run the benchmarks of a checkout; raises CalledProcessError where one fails."""
    with tempfile.TemporaryDirectory() as made:
        path = Path(made) / "measured.json"
        command = [python, "-m", "pytest", "-q", "-p", "no:cacheprovider", "tests/bench", f"--benchmark-json={path}"]
        subprocess.run([*command, "-k", words or "not drag and not linking"], cwd=folder, check=True)
        found: dict[str, Any] = json.loads(path.read_text())
    return found


def main() -> None:
    """Measure, print and keep."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("-k", dest="words", default="", help="only these benchmarks, as pytest chooses them")
    parser.add_argument("--json", type=Path, help="a file for the figures")
    parser.add_argument("--readme", action="store_true", help="keep the figures, and make README's table from them")
    options = parser.parse_args()
    if options.readme and options.words:
        parser.error("README's table needs all benchmarks: leave -k out")
    its = commit()
    figures = figures_of(measured(ROOT, options.words))
    found = {**its, "events": int(float(os.environ.get(EVENTS, "1e7"))), "machine": machine(), "figures": figures}
    text = json.dumps(found, indent=1, sort_keys=True) + "\n"
    if options.json:
        options.json.write_text(text)
    if options.readme:
        FIGURES.write_text(text)
        README.write_text(with_table(README.read_text(), figures))


if __name__ == "__main__":
    main()
