"""What a component said, in order."""

from __future__ import annotations

from typing import Any

import param


def record(component: param.Parameterized, *names: str) -> list[Any]:
    """A list that fills with every new value of the named parameters."""
    said: list[Any] = []
    for name in names:
        component.param.watch(lambda event: said.append(event.new), name)
    return said
