"""What the page looks like from afar: pictures so coarse that letters and fonts are lost, and the layout is not."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageFilter
from playwright.sync_api import Browser

from tests.ui.guards import GuardedPage, guarded_page

FOLDER = Path(__file__).parent / "from_afar"
CELL = 10  # pixels of the page in a cell, across and down
# A cell that is so much lighter, darker or of another colour is another one; of 255. Text in another font is less.
OTHER = 24
MOST = 0.03
Picture = npt.NDArray[np.int16]

# The width, the height and the scheme of colours that a page is looked at in.
LOOKS = {"light": (1440, 900, "light"), "dark": (1440, 900, "dark"), "narrow": (800, 900, "light")}

_STYLE = """(style) => {
  window.__sheets?.forEach((each) => each.remove())
  window.__sheets = []
  const inside = (root) => [...root.querySelectorAll("*")].filter((each) => each.shadowRoot)
  const everywhere = (root) => [root, ...inside(root).flatMap((each) => everywhere(each.shadowRoot))]
  for (const root of everywhere(document)) {
    const sheet = document.createElement("style")
    sheet.textContent = style
    window.__sheets.push(sheet)
    ;(root.head ?? root).append(sheet)
  }
}"""


def coarse(png: bytes) -> Image.Image:
    """A screenshot from afar."""
    picture = Image.open(io.BytesIO(png)).convert("RGB").filter(ImageFilter.GaussianBlur(CELL))
    return picture.resize((picture.width // CELL, picture.height // CELL), Image.Resampling.BOX)


def apart(one: Image.Image, other: Image.Image) -> float:
    """The share of cells that are other ones; all of them where the sizes differ."""
    if one.size != other.size:
        return 1.0
    cells: list[Picture] = [np.asarray(each, dtype=np.int16) for each in (one, other)]
    return float((np.abs(cells[0] - cells[1]).max(axis=2) > OTHER).mean())


@contextmanager
def opened(browser: Browser, address: str, name: str) -> Iterator[GuardedPage]:
    """The page at an address, to be looked at."""
    width, height, scheme = LOOKS[name]
    options = {"viewport": {"width": width, "height": height}, "color_scheme": scheme, "timezone_id": "UTC"}
    with guarded_page(browser, **options) as page:
        page.goto(address)
        page.wait_for_selector("#skeleton", state="detached")
        page.idle()
        yield page


def look(page: GuardedPage, *, style: str = "") -> Image.Image:
    """A page from afar; with a `style` on top of its own."""
    page.evaluate(_STYLE, style)
    page.mouse.move(2, 2)
    page.idle()
    return coarse(page.screenshot(animations="disabled"))


def stored(name: str) -> Image.Image:
    """The picture that the page is held against."""
    return Image.open(FOLDER / f"{name}.png")
