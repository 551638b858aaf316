"""Where the sample data lies: six weeks of an invented shop, and three of an invented web server, bots and all."""

from pathlib import Path

SAMPLE = Path(__file__).resolve().parent.parent / "sample_data" / "shop.csv.gz"
MESSY = SAMPLE.with_name("access.log.gz")
