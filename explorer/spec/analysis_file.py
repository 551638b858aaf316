"""Analyses in files: the one that is named, or the one that lies beside the events."""

from glob import has_magic
from pathlib import Path
from typing import Any

from explorer.errors import SourceError, SpecError
from explorer.spec.analysis import Analysis

SUFFIXES = (".yaml", ".yml")


def read_analysis(path: Path) -> Analysis:
    """Read an analysis from a YAML or JSON file; raises SourceError or SpecError with the file's name."""
    try:
        text = Path(path).read_text(encoding="utf-8")
    except (OSError, UnicodeError) as error:
        raise SourceError(f"The analysis {path} cannot be read: {getattr(error, 'strerror', None) or error}.") from None
    try:
        return Analysis.from_yaml(text)
    except SpecError as error:
        raise SpecError(f"{path}: {error}") from None


def beside(data: Any) -> Path | None:
    """The analysis beside a file or folder of events: `shop.yaml` beside `shop.csv.gz`; None where there is none."""
    if not isinstance(data, str | Path) or (has_magic(str(data)) and not Path(data).exists()) or "://" in str(data):
        return None
    path = Path(data)
    names = dict.fromkeys((path.name.removesuffix(path.suffix), path.name.split(".")[0]))
    found = (path.with_name(name + suffix) for name in names if name for suffix in SUFFIXES)
    return next((file for file in found if file != path and file.is_file()), None)
