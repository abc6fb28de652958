"""The scenarios about the law of a case, played by people at the phones of the sandbox's page, in a real browser."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, ViewportSize

from bot.sandbox import play
from bot.sandbox.play.stage import Kind
from tests.at_phones import AtPage
from tests.program import Program

pytestmark = pytest.mark.slow

SCREEN: ViewportSize = {"width": 2400, "height": 1100}  # room for every phone
# Spread over groups and platforms: each scenario once, and each kind of citizen and group.
PLAYED: tuple[tuple[str, str, Kind], ...] = (
    ("extension", "telegram", "telegram"),
    ("interaction", "zalo", "zalo"),
    ("appeal", "supergroup", "zalo"),
    ("transfer", "zalo", "telegram"),
    ("urgent", "zalo", "zalo"),
    ("joint", "zalo", "telegram"),
    ("sensitive", "telegram", "telegram"),
)


@pytest.mark.browser
@pytest.mark.parametrize(("name", "group", "citizens"), PLAYED)
def test_a_scenario_at_the_phones(page: Page, program: Program, name: str, group: str, citizens: Kind):
    faults: list[str] = []
    page.on("pageerror", lambda fault: faults.append(str(fault)))
    page.set_viewport_size(SCREEN)
    page.goto(f"{program.address}/sandbox")
    lines: list[str] = []
    try:
        with AtPage(program.address, page) as client:
            code = play.perform(client, lines.append, name, group, citizens)
    except play.PlayStopped as stopped:
        raise AssertionError(f"{stopped}\n" + "\n".join(lines[-12:]) + program.log[-2000:]) from None
    assert code in program.run("cases", "show", code, "--reason", "thử")
    assert faults == []
