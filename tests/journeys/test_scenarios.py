"""Every scenario of `sandbox play`, against the real program: either platform for the citizen and for the agency."""

import json
from typing import Any, Literal

import pytest
import requests

from bot.cli import sandbox as command
from bot.sandbox import play
from bot.sandbox.client import SandboxClient
from bot.sandbox.zalo.world import NAM
from tests.program import Program

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def played(program: Program):
    """The codes of what was played here: at the end what is kept of all of them adds up, and one is shown."""
    codes: list[str] = []
    yield codes
    kept = json.loads(program.run("cases", "verify", "--json"))
    assert kept["cases"] >= len(codes) and kept["wrong"] == []
    assert all(code in program.run("cases", "show", code, "--reason", "thử") for code in codes[-1:])


def test_the_command_knows_every_scenario():
    assert list(command.SCENARIOS) == list(play.SCENARIOS)
    assert list(command.GROUPS) == list(play.AGENCIES)


# The first is played by tests/journeys/test_play.py, all by itself.
NAMED: list[tuple[str, str | None, str | None]] = [(name, None, None) for name in list(play.SCENARIOS)[1:]]
OTHERWISE: list[tuple[str, str | None, str | None]] = [
    ("window", "telegram", None),
    ("fallback", "supergroup", None),
    ("tokens", "supergroup", None),
    *((name, "zalo", "zalo") for name in list(play.SCENARIOS)[7:]),
]  # spread over groups, since we say no more than twenty things a minute in each


@pytest.mark.parametrize(
    ("name", "group", "citizens"), [*NAMED, *(pytest.param(*one, marks=pytest.mark.soak) for one in OTHERWISE)]
)
def test_a_scenario(
    program: Program,
    played: list[str],
    name: str,
    group: str | None,
    citizens: Literal["telegram", "zalo"] | None,
):
    lines: list[str] = []
    try:
        code = play.play(program.address, lines.append, name, group, citizens)
    except play.PlayStopped as stopped:
        raise AssertionError(f"{stopped}\n" + "\n".join(lines[-12:]) + program.log[-2000:]) from None
    played.append(code)
    with SandboxClient(program.address) as people:
        account = people.zalo()["account"]
    assert account["webhook"]["on"]
    secrets = [line for line in program.log.splitlines() if "token" in line and "access_token=" in line]
    assert secrets == []


@pytest.fixture
def without_telegram(tmp_path):
    with Program(tmp_path, BOT_TELEGRAM__ENABLED="false") as program:
        program.start()
        yield program
        assert program.stop() == 0


def test_with_telegram_switched_off_zalo_goes_on_and_the_rest_waits_in_sight(without_telegram: Program):
    program = without_telegram
    with SandboxClient(program.address) as people:
        stage = play.Stage(people, lambda line: None)
        play.play(program.address, stage.write, "zalo")
        code = play.reports(stage.actor("Nam", NAM, NAM), play.AN_CUU)
        waits = json.loads(program.run("queue", "status", "--json"))["channels"]
        assert [(one["channel"], one["status"], one["cases"]) for one in waits] == [("telegram", "off", 1)]
        assert program.stop() == 0
        del program.environment["BOT_TELEGRAM__ENABLED"]
        program.start()
        assert stage.officer(play.AN_CUU).person.hears(code, play.PATIENCE)


FAULTS: tuple[dict[str, Any], ...] = (
    {"kind": "429", "method": "zalo:message/cs", "count": 2},
    {"kind": "500", "method": "zalo:message/cs", "count": 1},
    {"kind": "html", "method": "zalo:group/message", "count": 2},
    {"kind": "drop", "method": "zalo:upload/image", "count": 1},
    {"kind": "drop", "method": "zalo:media", "count": 1},
    {"kind": "code", "method": "zalo:message/cs", "value": -220, "count": 1},
    {"kind": "code", "method": "zalo:group/listmember", "value": -32, "count": 1},
    {"kind": "duplicate", "method": "zalo:*", "count": 5},
    {"kind": "reorder", "method": "zalo:user_send_image", "count": 1},
)


def test_faults_of_zalo_lose_nothing_and_no_token_is_in_the_log(program: Program):
    with SandboxClient(program.address) as people:
        first = people.zalo("tokens", do="pair")  # from here on nothing works that the program has
        callback = f"{program.address}/zalo/callback"
        link = json.loads(program.run("zalo", "authorize", "--callback", callback, "--json"))["link"]
        agreed = requests.get(link, params={"agreed": "1"}, timeout=20)  # and on to the callback, as a browser goes
        assert agreed.ok and agreed.url.startswith(callback)
        for fault in FAULTS:
            people.fault(**fault)
        code = play.play(program.address, lambda line: None, "zalo")
        left = {fault["method"] for fault in people.look().faults}
        said = [message["text"] for message in people.look().from_bot(NAM) if code in message["text"]]
    # What was uploaded or asked lately is not uploaded or asked again, so these two may have had no occasion.
    assert left <= {"zalo:upload/image", "zalo:group/listmember"}
    assert sum("đã nhận phản ánh" in text for text in said) == 1
    assert not [token for token in first.values() if isinstance(token, str) and token in program.log]
    assert "access_token" not in program.log and "refresh_token" not in program.log
