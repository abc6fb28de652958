"""A shell in which the program is run as an administrator runs it, over a state folder of its own."""

import json
import os
import shutil
from dataclasses import dataclass, field

import pytest
from click.testing import CliRunner, Result

from bot.cli.main import cli
from bot.clock import SandboxClock, SystemClock
from handlers.carry_out import carry_out, show_cards
from handlers.cases import Mover
from handlers.opening import Entry, open_case
from handlers.turn import Batch, Turn
from tests.world import StillClock, World
from workflows.case.model import Role
from workflows.report import Report

ADDRESS = "12 Nguyễn Huệ"
WORDS = "Đèn đường hỏng đã ba tối"


@dataclass
class Shell:
    """Runs commands; ``environ`` are the program's only variables."""

    environ: dict[str, str] = field(default_factory=dict)

    def run(self, *words: str, code: int = 0, input: str | None = None, **environ: str) -> Result:
        """One command that ends with ``code``; ``input`` is what it reads."""
        cleared = {name: None for name in os.environ if name.startswith("BOT_")}
        result = CliRunner().invoke(cli, list(words), input=input, env={**cleared, **self.environ, **environ})
        told = f"{' '.join(words)}: {result.output}{result.stderr}"
        assert result.exception is None or isinstance(result.exception, SystemExit), told
        assert result.exit_code == code, told
        return result

    def json(self, *words: str, code: int = 0, **environ: str):
        """What a command prints for machines."""
        return json.loads(self.run(*words, "--json", code=code, **environ).stdout)


@pytest.fixture(autouse=True)
def clock(monkeypatch):
    """Commands and chats have one time, which goes on only when told."""
    still = StillClock()
    stop_clocks(monkeypatch, still)
    return still


def stop_clocks(patch, still):
    """The clocks of the program itself show what ``still`` shows."""
    for one in (SystemClock, SandboxClock):
        patch.setattr(one, "now", lambda _self: still.now())


@pytest.fixture
def shell(tmp_path):
    return Shell({"BOT_STATE_DIR": str(tmp_path / "var"), "BOT_WEB__PORT": "1"})  # nothing answers on port 1


@pytest.fixture(scope="session")
def ready_state(tmp_path_factory):
    """A state folder as `db init --sample` leaves it, to be copied."""
    folder = tmp_path_factory.mktemp("ready") / "var"
    with pytest.MonkeyPatch.context() as patch:
        stop_clocks(patch, StillClock())
        Shell({"BOT_STATE_DIR": str(folder), "BOT_WEB__PORT": "1"}).run("db", "init", "--sample")
    return folder


@pytest.fixture
def ready(shell, ready_state, tmp_path):
    """The same, with a database that has the sample in it."""
    shutil.copytree(ready_state, tmp_path / "var")
    return shell


@pytest.fixture
def world(ready, tmp_path, clock):
    """The program on the same database: what happened in chats, done for real."""
    world = World(f"sqlite:///{tmp_path / 'var' / 'bot.sqlite3'}", tmp_path / "var", clock=clock)
    yield world
    world.close()


def report(world, *, chat="lan", category="lighting", area="an-cuu"):
    """A citizen's report that has become a case; its code."""
    now = world.clock.now()
    with world.store.write() as uow:
        uow.chats.ensure([("plain", chat)])
        person = uow.people.meet("plain", chat, "vi", now)
        row = uow.chats.find("plain", chat)
        uow.chats.change(row.id, kind="private", person_id=person.id)
        sent = Report(lat=16.45, lon=107.6, address=ADDRESS, area=area, category=category, text=WORDS)
        opened = open_case(world.tools, uow, Entry(sent, person.id, row.id), now)
        turn = Turn(world.tools, uow, Batch(), now, uow.chats.find("plain", chat), person=person)
        carry_out(turn, opened.effects, Mover(person.id, frozenset({Role.CITIZEN})))
        show_cards(turn)
        uow.flush(now)
    world.settle()
    return opened.code
