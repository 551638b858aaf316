"""The analysis inside its report: written so that it stays one, and read back."""

import re

from explorer.errors import SpecError
from explorer.spec.analysis import Analysis

FOUND = re.compile(r"<script\b[^>]*\bid=\"analysis\"[^>]*>(.*?)</script>", re.DOTALL | re.IGNORECASE)


def embedded(analysis: Analysis) -> str:
    """A script element that holds the analysis as YAML; no browser runs it.

    >>> print(embedded(Analysis({"actor": "user", "time": "ts"}, [{"name": "</script>", "inactivity": "30m"}])))
    <script type="application/yaml" id="analysis">
    version: 1
    columns: {actor: user, time: ts}
    sessions:
    - name: "\\x3C/script>"
      inactivity: 30m
    </script>
    """
    return f'<script type="application/yaml" id="analysis">\n{analysis.to_yaml(inside_html=True)}</script>'


def read_back(html_text: str) -> Analysis:
    """The analysis that made a report; raises SpecError where the text is none."""
    found = FOUND.search(html_text)
    if found is None:
        raise SpecError("This HTML is not a report of Session Explorer: it holds no analysis.")
    return Analysis.from_yaml(found[1])
