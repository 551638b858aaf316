"""The app: `panel serve app.py` shows the sample data, `panel serve app.py --args DATA [ANALYSIS.yaml]` yours."""

import sys
from pathlib import Path

from widgets.page import collecting
from widgets.page.serve import app

SAMPLE = Path(__file__).parent / "sample_data" / "shop.csv.gz"

collecting.begin()
data, analysis = (*sys.argv[1:3], None, None)[:2]
app(data or SAMPLE, Path(analysis) if analysis else None).servable()
