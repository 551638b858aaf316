"""An analysis in a file of its own."""

from pathlib import Path

from explorer.errors import SourceError, SpecError
from explorer.spec.analysis import Analysis


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
