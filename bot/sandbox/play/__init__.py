"""Whole reports, played by people of the sandbox against the running program: one function a scenario."""

from collections.abc import Callable
from typing import NamedTuple

from bot.sandbox.client import SandboxClient
from bot.sandbox.play import channels, joint, law, sensitive, urgent
from bot.sandbox.play.stage import (
    AN_CUU,
    CONSTRUCTION,
    PATIENCE,
    THUAN_HOA,
    Cast,
    Kind,
    PlayStopped,
    Stage,
    Write,
)
from bot.sandbox.play.steps import reports

__all__ = [
    "AGENCIES",
    "AN_CUU",
    "PATIENCE",
    "SCENARIOS",
    "PlayStopped",
    "Scenario",
    "Stage",
    "perform",
    "play",
    "reports",
]


class Scenario(NamedTuple):
    """What is played, and by whom unless others are wished for."""

    act: Callable[[Stage, Cast], str]
    cast: Cast


ON_TELEGRAM = Cast("telegram", AN_CUU)
ON_ZALO = Cast("zalo", THUAN_HOA)
AGENCIES = {"telegram": AN_CUU, "supergroup": CONSTRUCTION, "zalo": THUAN_HOA}
SCENARIOS: dict[str, Scenario] = {
    "telegram": Scenario(channels.from_photo_to_rating, ON_TELEGRAM),
    "zalo-telegram": Scenario(channels.from_photo_to_rating, Cast("zalo", AN_CUU)),
    "telegram-zalo": Scenario(channels.from_photo_to_rating, Cast("telegram", THUAN_HOA)),
    "zalo": Scenario(channels.from_photo_to_rating, ON_ZALO),
    "window": Scenario(channels.closed_window, ON_ZALO),
    "fallback": Scenario(channels.other_channel, ON_ZALO),
    "tokens": Scenario(channels.new_tokens, ON_ZALO),
    "extension": Scenario(law.extension, ON_TELEGRAM),
    "transfer": Scenario(law.transfer, Cast("telegram", CONSTRUCTION)),
    "interaction": Scenario(law.interaction, ON_TELEGRAM),
    "appeal": Scenario(law.appeal, Cast("telegram", CONSTRUCTION)),
    "urgent": Scenario(urgent.urgent, ON_TELEGRAM),
    "joint": Scenario(joint.joint, Cast("telegram", CONSTRUCTION)),
    "sensitive": Scenario(sensitive.sensitive, ON_TELEGRAM),
}


def play(
    base_url: str, write: Write, name: str = "telegram", agency: str | None = None, citizens: Kind | None = None
) -> str:
    """One scenario to its end; gives the case's code. Raises PlayStopped.

    ``agency`` is the kind of its group, ``citizens`` the platform that they are on; the plays about what only Zalo
    does have their citizens there in any case.
    """
    with SandboxClient(base_url) as client:
        return perform(client, write, name, agency, citizens)


def perform(
    client: SandboxClient, write: Write, name: str, agency: str | None = None, citizens: Kind | None = None
) -> str:
    """The same by people who act through this client."""
    act, cast = SCENARIOS[name]
    cast = Cast(citizens or cast.citizens, AGENCIES[agency] if agency else cast.agency)
    return act(Stage(client, write), cast)
