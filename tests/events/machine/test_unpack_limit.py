"""How much may be unpacked is a setting, a share of the memory, and never more than the disk holds."""

from pathlib import Path
from types import SimpleNamespace

import pytest

from explorer.errors import SourceError
from explorer.events.machine import unpack_limit
from explorer.events.machine.unpack_limit import most, room


def test_the_setting_or_half_of_the_memory(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("SESSION_EXPLORER_MEMORY", "8e9")
    assert most() == 4_000_000_000
    monkeypatch.setenv("SESSION_EXPLORER_UNPACKED", "3e9")
    assert most() == 3_000_000_000
    monkeypatch.setenv("SESSION_EXPLORER_UNPACKED", "many")
    monkeypatch.setenv("SESSION_EXPLORER_MEMORY", "1")
    assert most() == 100_000_000


def test_more_is_said_and_what_to_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("SESSION_EXPLORER_UNPACKED", "2e9")
    check = room("bomb.csv.gz", tmp_path)
    check(2_000_000_000)
    with pytest.raises(
        SourceError, match=r"bomb\.csv\.gz is more than 2\.0 GB when unpacked.*SESSION_EXPLORER_UNPACKED"
    ):
        check(2_000_000_001)


def test_the_disk_keeps_some_room(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(unpack_limit, "disk_usage", lambda _: SimpleNamespace(free=300_000_000))
    check = room("large.csv.gz", tmp_path)
    check(100_000_000)
    with pytest.raises(SourceError, match=r"is more than 0\.1 GB when unpacked, and .* has no more room"):
        check(100_000_001)
