"""The analyst's notes: Markdown as HTML that holds nothing but text and links."""

from __future__ import annotations

from collections.abc import MutableMapping
from typing import Any
from urllib.parse import urlsplit

from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markupsafe import Markup

SCHEMES = ("http", "https", "mailto")
BLANK = {"target": "_blank", "rel": "noopener noreferrer"}


def notes_html(notes: str) -> Markup:
    """Headings begin two levels down, HTML and pictures stay as they are typed, links lead to web and mail only.

    >>> notes_html("# A *b* <i>c</i>")
    Markup('<h3>A <em>b</em> &lt;i&gt;c&lt;/i&gt;</h3>\\n')
    """
    return Markup(_reader().render(notes))


def _reader() -> MarkdownIt:
    reader = MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"]).disable("image")
    reader.validateLink = _is_link  # type: ignore[method-assign]
    reader.add_render_rule("link_open", _link)
    for rule in ("heading_open", "heading_close"):
        reader.add_render_rule(rule, _heading)
    return reader


def _is_link(url: str) -> bool:
    try:
        return urlsplit(url.strip()).scheme.lower() in SCHEMES
    except ValueError:
        return False


def _link(self: RendererHTML, tokens: Any, at: int, options: Any, env: MutableMapping[str, Any]) -> str:
    if tokens[at].attrs.get("href"):
        tokens[at].attrs |= BLANK
    else:  # what leads nowhere is no link
        tokens[at].attrs = {}
    return self.renderToken(tokens, at, options, env)


def _heading(self: RendererHTML, tokens: Any, at: int, options: Any, env: MutableMapping[str, Any]) -> str:
    tokens[at].tag = f"h{min(6, int(tokens[at].tag[1]) + 2)}"
    return self.renderToken(tokens, at, options, env)
