"""Scripts that a notebook holds, made small: Panel's own are most of what it would weigh."""

from __future__ import annotations

import re
import zlib
from base64 import b64encode
from collections import Counter

TEXT = re.compile(r'"[^"\\]*(?:\\.[^"\\]*)*"')
LONG = 2000
SCRIPT = re.compile(r'(<script type="application/javascript">)(.*)(</script>)', re.DOTALL)
# One after the other, in the order in which they came; each as a script of the page, whose names all can use.
RUN = """
globalThis.sessionExplorerScripts = Promise.resolve(globalThis.sessionExplorerScripts).then(async () => {
  const bytes = Uint8Array.from(atob("%s"), (letter) => letter.charCodeAt(0))
  const texts = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate"))
  const script = document.createElement("script")
  script.textContent = await new Response(texts).text()
  document.head.append(script)
  script.remove()
})
"""


def packed(script: str) -> str:
    """A script that unpacks another and runs it.

    >>> len(packed("let a = 1;" * 1000)) < 700
    True
    """
    return RUN % b64encode(zlib.compress(script.encode())).decode()


def packed_html(html: str) -> str:
    """The HTML of an output with its script packed."""
    return SCRIPT.sub(lambda found: f"{found[1]}{packed(once(found[2]))}{found[3]}", html)


def once(script: str) -> str:
    """The same script, with each long text written once: Bokeh repeats a component's script for each of its kind.

    >>> text = '"' + "long" * 600 + '"'
    >>> len(once(f"var docs_json = [{text}, {text}];")) < 2_600
    True
    """
    seen = Counter(found[0] for found in TEXT.finditer(script) if found.end() - found.start() > LONG)
    repeated = [text for text, times in seen.items() if times > 1]
    for at, text in enumerate(repeated):
        script = script.replace(text, f"texts[{at}]")
    return script.replace("var docs_json =", f"var texts = [{', '.join(repeated)}];\n  var docs_json =", 1)
