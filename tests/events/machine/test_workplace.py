"""Folders to work in: what tidies up beside them takes none that is in use."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from explorer.events.machine import workplace
from explorer.events.machine.workplace import Workplace, sweep, tidy

fcntl = pytest.importorskip("fcntl")

BESIDE = {"tidy": tidy, "sweep": lambda home: sweep(home, workplace.WORK)}


@pytest.mark.parametrize("beside", BESIDE)
@pytest.mark.parametrize(
    ("where", "name"), [(workplace.tempfile, "mkdtemp"), (os, "open"), (fcntl, "flock"), (Path, "rename")]
)
@pytest.mark.parametrize("after", [False, True])
def test_a_folder_that_is_being_made_stays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, beside: str, where: Any, name: str, after: bool
):
    """Another load tidies up just before or just after each step of making one."""
    done = getattr(where, name)
    busy: list[Callable[..., Any]] = []

    def step(*given: Any, **named: Any) -> Any:
        if busy:  # what tidies up opens and locks, too
            return done(*given, **named)
        busy.append(done)
        if not after:
            BESIDE[beside](tmp_path)
        found = done(*given, **named)
        if after:
            BESIDE[beside](tmp_path)
        busy.clear()
        return found

    monkeypatch.setattr(where, name, step)
    with Workplace(tmp_path) as work:
        (work.path / "answer").write_text("1")
        BESIDE[beside](tmp_path)
        assert (work.path / "answer").exists()
        # However old it is: its lock says that it is in use, not its age.
        os.utime(work.path / workplace.LOCK, (1, 1))
        os.utime(work.path, (1, 1))
        BESIDE[beside](tmp_path)
        assert (work.path / "answer").exists()
    assert list(tmp_path.iterdir()) == []
