"""Links to pages of cases and PINs of officers, by command line."""

from __future__ import annotations

import re

from sqlalchemy import select

from handlers.web_access import matches
from storage.pages import REVOCATIONS, PageStore
from tests.bot.cli.conftest import report


def officer(world, *, confirmed=True):
    """Somebody in the group of An Cựu ward; the number and the person."""
    if not confirmed:
        world.line("nhom", "mai", group=True, name="Mai", happened="joined")
    with world.store.read() as uow:
        [duty] = [one for one in uow.people.staff(everyone=True) if (one["status"] == "confirmed") is confirmed]
    return duty["id"], duty["person_id"]


def test_an_officer_gets_a_pin_and_loses_it(ready, world):
    world.link("nhom", "duc", "Đức", "an-cuu")
    number, person = officer(world)
    told = ready.run("staff", "pin", str(number)).stdout
    [pin] = set(re.findall(r"PIN (\d{6})", told))
    with world.store.read() as uow:
        hashed = PageStore(uow).pin(person)
        assert [one["what"] for one in uow.registers.records("pin.set", 5)] == ["pin.set"]
    assert hashed is not None
    assert pin not in hashed
    assert matches(pin, hashed)
    other = ready.json("staff", "pin", str(number))["pin"]
    assert not matches(other, hashed)
    assert "Đã bỏ" in ready.run("staff", "drop-pin", str(number)).stdout
    assert "không có mã PIN" in ready.run("staff", "drop-pin", str(number)).stdout
    with world.store.read() as uow:
        assert PageStore(uow).pin(person) is None


def test_only_a_confirmed_officer_gets_a_pin(ready, world):
    world.link("nhom", "duc", "Đức", "an-cuu")
    number, _ = officer(world, confirmed=False)
    assert f"staff confirm {number}" in ready.run("staff", "pin", str(number), code=1).stderr
    assert "999" in ready.run("staff", "pin", "999", code=1).stderr


def test_a_link_is_for_the_group_that_holds_the_case(ready, world):
    code = report(world)
    assert "agencies link" in ready.run("cases", "link", code, code=1).stderr
    world.link("nhom", "duc", "Đức", "an-cuu")
    made = ready.json("cases", "link", code.lower(), "--days", "2")
    assert made["code"] == code
    assert re.fullmatch(r"http://127\.0\.0\.1:1/w/[\w-]{60,}", made["link"])
    assert ready.run("cases", "link", code).stdout.startswith("http://127.0.0.1:1/w/")


def test_without_a_public_address_there_is_no_link(ready, world):
    code = report(world)
    world.link("nhom", "duc", "Đức", "an-cuu")
    telegram = {"BOT_TELEGRAM__TOKEN": "123456789:" + "a" * 35}
    assert "BOT_WEB__PUBLIC_URL" in ready.run("cases", "link", code, code=1, **telegram).stderr


def test_links_are_taken_back(ready, world):
    code = report(world)
    world.link("nhom", "duc", "Đức", "an-cuu")
    assert "thử" in ready.run("cases", "unlink", code, "--dry-run").stdout
    with world.store.read() as uow:
        assert uow.connection.scalar(select(REVOCATIONS.c.revoked_at)) is None
    ready.run("cases", "unlink", code)
    with world.store.read() as uow:
        assert uow.connection.scalar(select(REVOCATIONS.c.revoked_at)) is not None
        assert [one["subject"] for one in uow.registers.records("web_link.revoked", 5)] == [code]


def test_no_link_opens_a_sensitive_case(ready, world):
    world.link("nhom-van-hanh", "huong", "Hương", None)
    code = report(world, category="official-conduct")
    assert "nhạy cảm" in ready.run("cases", "link", code, code=1).stderr
