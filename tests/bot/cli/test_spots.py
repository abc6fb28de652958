"""`spots`: what comes back at one place, its file, and putting a chain right by command."""

import pytest

from tests.bot.cli.conftest import report


@pytest.fixture
def three(world):
    return [report(world, chat=name) for name in ("lan", "nam", "minh")]


def test_a_chain_is_made_listed_shown_and_taken_apart(ready, world, three):
    first, second, third = three
    assert ready.json("spots", "list") == []
    for code in (second, third):
        made = ready.json("spots", "chain", code, "--to", first)
        assert made["moves"] == ["chain"]
    [spot] = ready.json("spots", "list")
    assert (spot["category"], spot["area"], spot["times"]) == ("lighting", "an-cuu", 3)
    for which in (str(spot["number"]), first, third):
        shown = ready.json("spots", "show", which)
        assert [one["code"] for one in shown["cases"]] == three
    assert "Phường An Cựu" in ready.run("spots", "show", first).stdout
    assert ready.json("spots", "list", "--times", "4") == ready.json("spots", "list", "--area", "thuan-hoa") == []
    ready.run("spots", "unchain", second)
    assert [one["code"] for one in ready.json("spots", "show", first)["cases"]] == [first, third]
    ready.run("spots", "unchain", third)
    assert ready.json("spots", "list") == []
    assert ready.json("cases", "verify")["wrong"] == []


def test_a_dry_run_chains_nothing(ready, three):
    ready.run("spots", "chain", three[1], "--to", three[0], "--dry-run")
    assert ready.json("spots", "list") == []


def test_what_cannot_be_chained_is_refused_with_its_reason(ready, world, three):
    assert "chính nó" in ready.run("spots", "chain", three[0], "--to", three[0], code=1).stderr
    secret = report(world, chat="thu", category="official-delay")
    for pair in ((three[0], secret), (secret, three[0])):
        ready.run("spots", "chain", pair[0], "--to", pair[1], code=1)
    assert "không nằm trong chuỗi nào" in ready.run("spots", "unchain", three[0], code=1).stderr
    assert "PA-2222-2222" in ready.run("spots", "chain", three[0], "--to", "PA-2222-2222", code=1).stderr
    for nothing in ("77777", "PA-2222-2222", three[0]):
        assert "không có điểm" in ready.run("spots", "show", nothing, code=1).stderr


def test_a_chain_that_the_store_lost_is_found(ready, world, three):
    ready.run("spots", "chain", three[1], "--to", three[0])
    with world.store.write() as uow:
        uow.spots.take(uow.cases.by_code(three[1]).id)
    [wrong] = ready.json("cases", "verify", code=1)["wrong"]
    assert (wrong["code"], wrong["differs"]) == (three[1], ["spot"])
