"""Runs a check over made-up inputs until its share of the time is over; they are the same every time."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from typing import Any

from hypothesis import HealthCheck, given, seed, settings
from hypothesis import strategies as st

from explorer.errors import ExplorerError

SECONDS = float(os.environ.get("FUZZ_SECONDS", "60"))
BEGIN = int(os.environ.get("FUZZ_SEED", "0"))
TARGETS = 11
AT_ONCE = 50


def fuzz(inputs: st.SearchStrategy[Any], read: Callable[[Any], Any]) -> int:
    """How many inputs were read or refused by one of our errors; whatever else is raised is raised here."""
    end, done, turn = time.monotonic() + SECONDS / TARGETS, 0, BEGIN

    def once(value: Any) -> None:
        nonlocal done
        done += 1
        try:
            read(value)
        except ExplorerError as error:
            said = str(error).strip()
        else:
            return
        assert 0 < len(said) < 2_000

    usual = settings(max_examples=AT_ONCE, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    while time.monotonic() < end:
        seed(turn)(usual(given(inputs)(once)))()
        turn += 1
    print(f"{done:,} inputs")
    return done


def pieces(*of: str) -> st.SearchStrategy[str]:
    """Texts made of these pieces, with anything between them."""
    anything = st.one_of(st.sampled_from(of), st.sampled_from(of), st.sampled_from(of), st.text(max_size=4))
    return st.lists(anything, max_size=14).map("".join)


@st.composite
def spoiled(draw: st.DrawFn, good: st.SearchStrategy[str], inside: st.SearchStrategy[str]) -> str:
    """A good text with parts of it cut out, doubled, moved or replaced."""
    text = draw(good)
    for _ in range(draw(st.integers(0, 4))):
        one, other = sorted((draw(st.integers(0, len(text))), draw(st.integers(0, len(text)))))
        other = min(other, one + 40)
        match draw(st.integers(0, 3)):
            case 0:
                text = text[:one] + text[other:]
            case 1:
                text = text[:other] + text[one:other] + text[other:]
            case 2:
                text = text[:one] + draw(inside) + text[other:]
            case _:
                text = text[other:] + text[one:other] + text[:one]
    return text
