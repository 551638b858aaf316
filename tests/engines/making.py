"""What answers: every test that takes `engines` runs on each of these. Another engine is one more entry."""

from __future__ import annotations

from collections.abc import Callable

import explorer
from explorer.engine.engine import Engine

Connect = Callable[..., Engine]
ENGINES: dict[str, Connect] = {"local": explorer.connect}
