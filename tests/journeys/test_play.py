"""`sandbox play` by itself, where nothing runs: it opens a sandbox, plays, prints, and leaves nothing behind."""

import socket
import subprocess
import sys

import pytest

from tests.program import ROOT, bare_environment, free_port

pytestmark = pytest.mark.slow


def test_play_needs_nothing_that_runs(tmp_path, server_folder):
    port = free_port()
    short = server_folder / "play"  # sockets want short paths
    short.mkdir()
    environment = bare_environment(
        BOT_STATE_DIR=str(tmp_path / "state"), BOT_WEB__PORT=str(port), TMPDIR=str(short), PYTHONUTF8="1"
    )
    done = subprocess.run(
        [sys.executable, "run_bot.py", "sandbox", "play"],
        cwd=ROOT, env=environment, capture_output=True, text=True, timeout=180, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    lines = done.stdout.splitlines()
    told = [line for line in lines if "Bot:" in line or ": " in line]
    assert any("[Nhận xử lý]" in line for line in told)
    assert any("Cảm ơn anh/chị đã đánh giá" in line for line in told)
    assert lines[-2].endswith("đã đóng.") and lines[-1].endswith("is closed.")
    assert [*tmp_path.iterdir(), *short.iterdir()] == []
    with socket.socket() as probe:
        assert probe.connect_ex(("127.0.0.1", port)) != 0
