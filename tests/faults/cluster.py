"""The program's processes as an administrator runs them apart, with a far end that is never killed."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import TextIO

import requests
from werkzeug.serving import make_server

from bot.embedded.valkey import ValkeyServer
from bot.sandbox.client import SandboxClient
from bot.sandbox.server import Deliveries, create_app, start_delivery
from bot.sandbox.world import bot_token

ROOT = Path(__file__).parent.parent.parent
SECRET = "kill-test-secret"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def until(what: str, holds: Callable[[], object], seconds: float = 60, state: Callable[[], str] = str) -> None:
    """Poll a condition with a deadline; ``state`` is said when it does not come true."""
    deadline = time.monotonic() + seconds
    while not holds():
        if time.monotonic() > deadline:
            raise AssertionError(f"not in time: {what} {state()}")
        time.sleep(0.15)


class Cluster:
    """web, worker(s) and tick as processes, Redis beside them, the sandbox as the far end."""

    def __init__(self, folder: Path, database_url: str, *, workers: int = 1) -> None:
        self.folder = folder
        self.state = folder / "state"
        self.far = folder / "far"
        self.far.mkdir(parents=True)
        self.state.mkdir()
        self.port = free_port()
        self.redis = ValkeyServer(self.state)
        self.processes: dict[str, subprocess.Popen[bytes]] = {}
        self.roles = {"web": "web", "tick": "tick", **{f"worker-{n}": "worker" for n in range(workers)}}
        self.kills: dict[str, int] = {}
        self.log: TextIO = (folder / "log.jsonl").open("w")
        self._server = make_server("127.0.0.1", 0, create_app(self.far), threaded=True)
        self.far_url = f"http://127.0.0.1:{self._server.server_port}"
        self._database_url = database_url
        self.client = SandboxClient(self.far_url)
        self._delivery: Deliveries | None = None

    @property
    def environment(self) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if not name.startswith("BOT_")}
        return kept | {
            "BOT_STATE_DIR": str(self.state),
            "BOT_DATABASE__URL": self._database_url,
            "BOT_WEB__PORT": str(self.port),
            "BOT_WEB__PUBLIC_URL": "https://bot.example",
            "BOT_TELEGRAM__TOKEN": bot_token(self.far),
            "BOT_TELEGRAM__API_URL": f"{self.far_url}/sandbox/telegram",
            "BOT_TELEGRAM__MODE": "webhook",
            "BOT_TELEGRAM__WEBHOOK_SECRET": SECRET,
            "BOT_ROAD__SWEEP": "1s",
            "BOT_ROAD__LEASE": "4s",
            "BOT_LOGS__FORMAT": "json",
        }

    def start(self, prepare: Callable[[], object]) -> None:
        """Everything from an empty folder; ``prepare`` is called once the store has its tables."""
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        self._delivery = start_delivery(self.far)
        self.client.limits(rates=False, retry_base_seconds=0.2, retry_most_seconds=1)
        self.run("db", "init", "--sample")
        prepare()
        self.redis.start()
        for name in self.roles:
            self.begin(name)
        self.hook()

    def hook(self) -> None:
        """Point the far end at our web process, as `telegram set-webhook` would at a public address."""
        wish = {"url": f"http://127.0.0.1:{self.port}/hooks/telegram", "secret_token": SECRET}
        method = f"{self.far_url}/sandbox/telegram/bot{bot_token(self.far)}/setWebhook"
        answer = requests.Session().post(method, json=wish, timeout=10)
        answer.raise_for_status()

    def run(self, *command: str) -> str:
        """A command of the program, to its end."""
        done = subprocess.run(
            [sys.executable, "run_bot.py", *command],
            cwd=ROOT, env=self.environment, capture_output=True, text=True, timeout=120, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        return done.stdout

    def begin(self, name: str) -> None:
        self.processes[name] = subprocess.Popen(
            [sys.executable, "run_bot.py", self.roles[name]],
            cwd=ROOT, env=self.environment, stdout=self.log, stderr=self.log, start_new_session=True,
        )  # fmt: skip

    def kill(self, name: str) -> None:
        """kill -9, at once and without a word; a new one is started as a supervisor would."""
        self.kills[name] = self.kills.get(name, 0) + 1
        if name == "redis":
            if self.redis.pid:
                os.kill(self.redis.pid, signal.SIGKILL)
            self.redis.start()
            return
        process = self.processes[name]
        os.killpg(process.pid, signal.SIGKILL)
        process.wait(timeout=10)
        self.begin(name)

    def tail(self) -> str:
        """The end of what the processes have logged."""
        self.log.flush()
        return "\n".join((self.folder / "log.jsonl").read_text().splitlines()[-40:])

    def stop(self) -> None:
        """End everything; whoever does not end when told to is killed, and that is an error."""
        stubborn = []
        for process in self.processes.values():
            os.killpg(process.pid, signal.SIGTERM)
        for name, process in self.processes.items():
            try:
                process.wait(timeout=60)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                stubborn.append(name)
        self.redis.stop()
        if self._delivery is not None:
            self._delivery.stop()
        self._server.shutdown()
        self.client.close()
        self.log.close()
        assert stubborn == [], "did not end when they were told to"
