"""`serve` as an administrator meets it: it starts, restarts what dies, refuses clearly, and leaves nothing behind."""

import contextlib
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import requests

from bot.embedded.valkey import ValkeyServer
from tests.faults.cluster import until
from tests.program import bare_environment, free_port

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parent.parent.parent


class Serving:
    """One `serve` with a state folder of its own; what it prints is kept in a file."""

    def __init__(self, state: Path, port: int, **environment: str) -> None:
        self.state, self.port = state, port
        self.printed = state.with_name(f"{state.name}-{time.monotonic_ns()}.txt")
        own = {"BOT_STATE_DIR": str(state), "BOT_WEB__PORT": str(port)}
        with self.printed.open("wb") as printed:
            self.process = subprocess.Popen(
                [sys.executable, "run_bot.py", "serve"],
                cwd=ROOT,
                env=bare_environment(**own, **environment),
                stderr=printed,
                start_new_session=True,
            )

    def answers(self, path: str = "/ready") -> bool:
        with contextlib.suppress(requests.RequestException):
            return requests.Session().get(self.address + path, timeout=10).status_code == 200
        return False

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def said(self) -> str:
        return self.printed.read_text()

    def programs(self) -> set[int]:
        """Process numbers of web, tick, worker and poll; Valkey, which may be another's child, is left out."""
        return set(children_of(self.process.pid)) - {ValkeyServer(self.state).pid}

    def everyone(self) -> list[int]:
        found = [self.process.pid, *descendants(self.process.pid)]
        valkey = ValkeyServer(self.state).pid
        return [*found, valkey] if valkey else found

    def end(self, number: int = signal.SIGTERM) -> int:
        self.process.send_signal(number)
        return self.process.wait(60)


def children_of(pid: int) -> list[int]:
    """Of a process that may be gone by now."""
    with contextlib.suppress(OSError):
        return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    return []


def descendants(pid: int) -> list[int]:
    return [found for child in children_of(pid) for found in (child, *descendants(child))]


def gone(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except OSError:
        return True


@pytest.fixture
def serve(server_folder: Path, request: pytest.FixtureRequest) -> Iterator[Callable[..., Serving]]:
    """Start one, more than once on the same folder if wanted; all are ended in the end."""
    state = server_folder / request.node.name[:20]
    started: list[Serving] = []

    def start(port: int | None = None, **environment: str) -> Serving:
        started.append(Serving(state, port or free_port(), **environment))
        return started[-1]

    yield start
    for one in started:
        if one.process.poll() is None:
            one.end()
    ValkeyServer(state).stop()


def ready(serving: Serving) -> Serving:
    until("serve is ready", serving.answers)
    until("it says so", lambda: "Ctrl-C" in serving.said)
    until("its processes run", lambda: len(serving.programs()) >= 3)
    return serving


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_it_says_where_the_sandbox_is_and_stops_without_a_word_and_without_a_trace(serve, number):
    serving = ready(serve())
    assert serving.answers("/sandbox")
    first, second = serving.said.splitlines()[:2]
    assert "Phản Ánh" in first
    assert f"{serving.address}/sandbox" in second
    everyone = serving.everyone()
    assert len(everyone) >= 6  # itself, Valkey, web and its worker, tick, worker
    before = serving.said
    assert serving.end(number) == 0
    assert serving.said == before
    until("all are gone", lambda: all(map(gone, everyone)))


def test_a_second_start_finds_its_store_and_answers_again(serve):
    port = free_port()
    for _ in range(2):
        serving = ready(serve(port))
        assert serving.end() == 0


def test_whoever_is_killed_is_started_again(serve):
    serving = ready(serve())
    killed = [*serving.programs(), ValkeyServer(serving.state).pid]
    for pid in killed:
        os.kill(pid, signal.SIGKILL)
    until("new ones run", lambda: len(serving.programs() - set(killed)) == 3)
    until("a new Valkey answers", lambda: ValkeyServer(serving.state).pid not in (None, *killed))
    until("web answers again", serving.answers)
    assert serving.process.poll() is None
    everyone = serving.everyone()
    assert serving.end() == 0
    until("all are gone", lambda: all(map(gone, everyone)))


def test_when_it_is_killed_its_children_end_and_the_next_adopts_valkey(serve):
    port = free_port()
    first = ready(serve(port))
    left = descendants(first.process.pid)
    valkey = ValkeyServer(first.state).pid
    left.remove(valkey)
    first.process.kill()
    first.process.wait()
    second = ready(serve(port))  # at once: it waits for them
    assert all(map(gone, left))
    assert ValkeyServer(second.state).pid == valkey
    assert second.end() == 0
    until("valkey is gone", lambda: gone(valkey))


def test_a_second_one_on_the_same_folder_is_refused_and_does_no_harm(serve):
    first = ready(serve())
    second = serve()
    assert second.process.wait(60) == 1
    assert "đã có một `serve`" in second.said
    assert f"(process {first.process.pid})" in second.said
    assert "Traceback" not in second.said
    assert first.answers()
    assert ValkeyServer(first.state).pid is not None


@pytest.mark.parametrize("command", ["serve", "web"])
def test_a_taken_port_is_said_once_and_ends_it(serve, tmp_path, command):
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        if command == "serve":
            serving = serve(port)
            code, said = serving.process.wait(60), serving.printed.read_text()
            assert ValkeyServer(serving.state).pid is None
        else:
            environment = bare_environment(BOT_WEB__PORT=str(port), BOT_STATE_DIR=str(tmp_path))
            command = [sys.executable, "run_bot.py", "web"]
            done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=60)
            code, said = done.returncode, done.stderr
    assert code == 1
    assert re.search(rf"cổng {port}.*BOT_WEB__PORT", said)
    assert f"cannot listen on port {port}" in said
    assert "Traceback" not in said


def test_polling_is_broken_off_when_it_is_told_to_stop(serve):
    with socket.create_server(("127.0.0.1", 0)) as silent:  # takes calls and never answers
        address = f"http://127.0.0.1:{silent.getsockname()[1]}"
        serving = ready(serve(BOT_TELEGRAM__TOKEN="123456:" + "a" * 35, BOT_TELEGRAM__API_URL=address))
        silent.settimeout(60)
        call, _ = silent.accept()
        with call:
            assert call.recv(1)
            until("all run", lambda: len(serving.programs()) == 4)
            assert serving.end() == 0
        assert "process.killed" not in serving.said  # a long poll would have taken longer than patience lasts
