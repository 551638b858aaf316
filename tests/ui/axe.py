"""What axe-core finds wrong with a page for people who do not see it or have no mouse."""

from __future__ import annotations

from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

GRAVE = ("serious", "critical")
# Of panel_material_ui, and not to be set from outside: the busy bar has no name; the edge of the sidebar and the marks
# beside the labels of fields have one and no role.
THEIRS = ("MuiLinearProgress-root", 'aria-label="Resize sidebar"', 'sx="[object Object]"')


# The elements that lead to the sidebar, each with the next one in its shadow root.
SIDEBAR = (".bk-panel-models-esm-ReactComponent", ".sidebar")


def serious(page: Page, within: tuple[str, ...] = (), *, colors_only: bool = False) -> list[str]:
    """The serious and critical violations of our components, one line each; axe looks into open shadow roots by itself.

    `within` limits it to a part, which takes a third of the time; `colors_only` suffices for another theme.
    """
    context: Any = {"include": [list(within)]} if within else None
    options: dict[str, Any] = {"resultTypes": ["violations"]}
    if colors_only:
        options["runOnly"] = ["color-contrast"]
    found = Axe().run(page, context=context, options=options).response["violations"]
    return [
        f"{violation['id']}: {violation['help']} – {node['target']} {node['html'][:120]}"
        for violation in found
        if violation["impact"] in GRAVE
        for node in violation["nodes"]
        if not any(name in node["html"] for name in THEIRS)
    ]
