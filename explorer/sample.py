"""Where the sample data lies: four weeks of an invented shop."""

from pathlib import Path

SAMPLE = Path(__file__).resolve().parent.parent / "sample_data" / "shop.csv.gz"
