"""The real program as a process of its own, as people start it: a fresh state folder and a free port."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path
from typing import Self

ROOT = Path(__file__).parent.parent
PATIENCE = 60  # seconds that a start or a command may take on a busy machine


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def bare_environment(**settings: str) -> dict[str, str]:
    """This process's environment without any setting of the program but these."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("BOT_")}
    return kept | settings


class Program:
    """`run_bot.py serve` and commands beside it, all with the same settings."""

    def __init__(self, folder: Path, **settings: str) -> None:
        self.port = free_port()
        self.address = f"http://127.0.0.1:{self.port}"
        own = {"BOT_STATE_DIR": str(folder / "state"), "BOT_WEB__PORT": str(self.port), "BOT_LOGS__FORMAT": "json"}
        own["BOT_LIMITS__ALBUM_QUIET"] = "1s"  # photos on loopback come at once
        self.environment = bare_environment(**own, **settings)
        self._log_path = folder / "serve.log"
        self._process: subprocess.Popen[bytes] | None = None

    def run(self, *command: str) -> str:
        """A command to its end; what it printed."""
        done = subprocess.run(
            [sys.executable, "run_bot.py", *command],
            cwd=ROOT, env=self.environment, capture_output=True, text=True, timeout=2 * PATIENCE, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def start(self) -> None:
        """Start `serve`, and wait until it answers."""
        with self._log_path.open("wb") as log:
            self._process = subprocess.Popen(
                [sys.executable, "run_bot.py", "serve"], cwd=ROOT, env=self.environment, stdout=log, stderr=log
            )
        until = time.monotonic() + PATIENCE
        while not self._answers():
            assert self._process.poll() is None and time.monotonic() < until, self.log
            time.sleep(0.05)

    def stop(self) -> int:
        """Ask it to end, as `Ctrl+C` or a service manager would; its exit code, which says when it had to be killed."""
        if self._process is None:
            return 0
        self._process.terminate()
        try:
            return self._process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            self._process.kill()
            return self._process.wait(PATIENCE)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *raised: object) -> None:
        """Whatever happened, it does not outlive its test."""
        self.stop()

    @property
    def log(self) -> str:
        return self._log_path.read_text()

    def _answers(self) -> bool:
        try:
            with urllib.request.urlopen(f"{self.address}/ready", timeout=5):  # noqa: S310 - our own
                return True
        except OSError:
            return False
