"""How many examples a property test draws, by what one of them costs."""

from __future__ import annotations

import os
from typing import Any

from hypothesis import settings

# In CI the same examples every time, so that a red run says something about the change and not about the dice, and of
# expensive ones fewer; `HYPOTHESIS_PROFILE=thorough` looks at ten times as many as somebody who develops.
PROFILE = os.environ.get("HYPOTHESIS_PROFILE") or ("ci" if os.environ.get("CI") else "dev")
USUAL = {"dev": 40, "thorough": 400, "ci": 25}
TIMES = {"dev": 1.0, "thorough": 10.0, "ci": 0.4}
FEWEST = 6


def examples(number: int) -> Any:
    """So many examples while somebody develops, in the place of the usual number."""
    return settings(max_examples=max(min(number, FEWEST), round(number * TIMES.get(PROFILE, 1.0))))
