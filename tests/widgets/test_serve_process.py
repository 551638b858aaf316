"""`session-explorer serve` as a process: what it writes, whom it answers, and how it ends."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import urllib.error
import urllib.request
from pathlib import Path

import pytest

from explorer.cli import main

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[2]


def status(url: str, **headers: str) -> int:
    opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor())
    try:
        with opener.open(urllib.request.Request(url, headers=headers), timeout=60) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as error:
        return error.code


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGTERM")
def test_a_server_for_others_writes_its_token_and_ends_well(tmp_path: Path) -> None:
    events, left = tmp_path / "events.csv", tmp_path / "tmp"
    events.write_text("user,ts\nann,2024-01-01 10:00\n")
    left.mkdir()
    command = [sys.executable, "-m", "explorer.cli", "serve", str(events), "--no-browser", "--port", "0"]
    environment = {**os.environ, "TMPDIR": str(left), "PYTHONPATH": str(ROOT)}
    with subprocess.Popen(
        [*command, "--address", "0.0.0.0", "--allow-host", "sessions.example.com"],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            assert process.stdout
            process.stdout.readline()
            said = process.stdout.readline()
            found = re.fullmatch(r"Launching server at (http://localhost:\d+/)\?token=([\w-]{40,})\n", said)
            assert found, said
            url, token = found.groups()
            assert status(url) == 403
            assert status(f"{url}?token={token}") == 200
            assert status(f"{url}?token={token}", Host="evil.example") == 403
            process.send_signal(signal.SIGTERM)
            assert process.wait(timeout=60) == 0
        finally:
            process.kill()
    assert list(left.iterdir()) == []


def test_how_to_serve_many_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["serve", "--users"]) == 0
    said = capsys.readouterr().out
    for words in ("--allow-host", "reverse proxy", "uploaded file is seen by the page that uploaded it only"):
        assert words in said
