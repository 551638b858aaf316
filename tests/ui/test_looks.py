"""The page looks as it did: a broken layout is seen, another font is not."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser

from tests.ui.helpers import SAMPLE
from tests.ui.looks import LOOKS, MOST, apart, look, opened, stored
from tests.ui.pictures import BRUSHES
from tests.ui.serving import ServeApp
from widgets.page.serve import app

RENEW = "look at the page, and if it is meant to be so: python -m tests.ui.pictures looks"
BROKEN = {
    "another font": ("* { font-family: serif !important }", False),
    "no sidebar": ("nav, .sidebar, .MuiDrawer-root { display: none !important }", True),
    "all in the middle": (".main-content { padding-left: 200px !important; padding-right: 200px !important }", True),
    "another background": (".main-content { background: #345 !important }", True),
}


@pytest.mark.parametrize("name", list(LOOKS))
def test_the_page_looks_as_it_did_and_what_is_broken_is_seen(browser: Browser, serve_app: ServeApp, name: str) -> None:
    with opened(browser, f"{serve_app(lambda: app(SAMPLE))}{BRUSHES}", name) as page:
        assert apart(look(page), stored(name)) <= MOST, RENEW
        for breach, (style, seen) in BROKEN.items() if name == "light" else ():
            assert (apart(look(page, style=style), stored(name)) > MOST) == seen, breach
