"""What a page of the browser gets once: scripts of libraries, and long texts that many models repeat."""

from __future__ import annotations

import json
import re
import zlib
from collections.abc import Collection
from functools import cache, lru_cache
from hashlib import sha256
from pathlib import Path
from typing import Any

import bokeh
from bokeh.core.json_encoder import serialize_json
from bokeh.util.paths import bokehjs_path
from panel.io.resources import DIST_DIR

LONG = 2000
LITERAL = re.compile(r'"[^"\\]*(?:\\.[^"\\]*)*"')
# How a text that stands elsewhere is named in the JSON; inline.js knows it too.
NAMED = "\0text {}"


def libraries(version: str, plugins: Collection[str]) -> dict[str, str]:
    """The names and files' texts of what a page still needs that has this version of Bokeh with these plugins.

    >>> list(libraries("", [])), list(libraries(bokeh.__version__, ["Widgets", "Tables"]))
    (['Modules', 'Bokeh', 'Widgets', 'Tables', 'Panel'], ['Modules', 'Panel'])
    """
    there = {"Bokeh", *plugins} if version == bokeh.__version__ else {"Modules"} & set(plugins)
    return {name: _read(path) for name, path in _paths().items() if name not in there}


def _paths() -> dict[str, Path]:
    scripts = Path(bokehjs_path()) / "js"
    bokehs = {"Bokeh": "bokeh", "Widgets": "bokeh-widgets", "Tables": "bokeh-tables"}
    (modules,) = (Path(DIST_DIR) / "bundled" / "reactiveesm").glob("es-module-shims*/dist/*.min.js")
    return {
        "Modules": modules,
        **{name: scripts / f"{file}.min.js" for name, file in bokehs.items()},
        "Panel": Path(DIST_DIR) / "panel.min.js",
    }


class Texts:
    """Takes long texts out of what is sent to one page, and knows which the page has."""

    def __init__(self, known: Collection[str]) -> None:
        self._known = set(known)

    def name(self, text: str, new: dict[str, str]) -> str:
        """What a text is called; one that the page does not have yet is put among the new."""
        name = _name(text)
        if name not in self._known:
            self._known.add(name)
            new[name] = text
        return name

    def without(self, sent: Any, new: dict[str, str]) -> Any:
        """The same with names in the place of long texts.

        >>> new = {}
        >>> thin = Texts([]).without({"esm": "long" * 600, "few": ["short"]}, new)
        >>> thin["few"], len(thin["esm"]) < 30, [len(text) for text in new.values()]
        (['short'], True, [2400])
        """
        if isinstance(sent, str):
            return NAMED.format(self.name(sent, new)) if len(sent) > LONG else sent
        if isinstance(sent, dict):
            return {key: self.without(value, new) for key, value in sent.items()}
        if isinstance(sent, list | tuple):
            return [self.without(value, new) for value in sent]
        return sent

    def thinned(self, written: str, new: dict[str, str]) -> str:
        """The same for what is JSON already.

        >>> new = {}
        >>> len(Texts([]).thinned(json.dumps({"esm": "long" * 600}), new)) < 50, [len(text) for text in new.values()]
        (True, [2400])
        """
        return LITERAL.sub(lambda found: self._thin(found[0], new), written) if len(written) > LONG else written

    def _thin(self, literal: str, new: dict[str, str]) -> str:
        if len(literal) <= LONG:
            return literal
        return json.dumps(NAMED.format(self.name(json.loads(literal), new)))


def as_json(sent: Any) -> bytes:
    """What Bokeh serialised, as JSON."""
    return serialize_json(sent).encode()


def packed(text: str | bytes) -> bytes:
    """A text made small, as inline.js unpacks it.

    >>> len(packed("let a = 1;" * 1000)) < 100
    True
    """
    return zlib.compress(text.encode() if isinstance(text, str) else text, 6)


@lru_cache(maxsize=512)
def _name(text: str) -> str:
    return sha256(text.encode()).hexdigest()[:16]


@lru_cache(maxsize=256)
def packed_text(text: str) -> bytes:
    """A text made small, remembered: pages come and go and the scripts stay."""
    return packed(text)


@cache
def _read(path: Path) -> str:
    return path.read_text(encoding="utf-8")
