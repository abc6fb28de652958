"""`storm` by command: on with its checks, off, what is on, and a merge that is looked at first."""

import pytest

from tests.bot.cli.conftest import report

WORDS = "Bão số 5, mời bà con ở trong nhà"


def on(ready, *words):
    return ready.json("storm", "on", "--text", WORDS, *words)


def test_on_status_off(ready):
    assert ready.json("storm", "status") == []
    assert on(ready, "--area", "an-cuu", "--dry-run")["dry_run"] is True
    assert ready.json("storm", "status") == []
    begun = on(ready, "--area", "an-cuu", "--text-en", "Storm 5", "--until", "2031-01-01 07:00")
    [row] = ready.json("storm", "status")
    assert (row["area"], row["vi"], row["en"], row["on"]) == ("an-cuu", WORDS, "Storm 5", True)
    assert ready.json("storm", "off", "--dry-run")["off"] == [begun["id"]]
    assert ready.json("storm", "off", str(begun["id"]))["off"] == [begun["id"]]
    assert ready.json("storm", "status")[0]["on"] is False
    ready.run("storm", "off", code=1)
    ready.run("storm", "merge", code=1)


@pytest.mark.parametrize(
    "words",
    [
        ("--text", WORDS, "--area", "khong-co"),
        ("--text", " "),
        ("--text", "b" * 501),
        ("--text", WORDS, "--text-en", "b" * 501),
        ("--text", WORDS, "--until", "2020-01-01 07:00"),
        ("--text", WORDS, "--until", "mai"),
        ("--text", WORDS, "--until", "2031-01-01"),
    ],
)
def test_what_cannot_be_is_refused_in_both_languages(ready, words):
    told = ready.run("storm", "on", *words, code=1).stderr
    assert len(told.strip().splitlines()) == 2
    assert ready.json("storm", "status") == []


def test_those_who_wait_are_counted_and_can_be_left_in_peace(ready, world):
    report(world, chat="lan")
    report(world, chat="lan")
    report(world, chat="minh", area="thuan-hoa")
    assert on(ready, "--area", "an-cuu", "--dry-run")["told"] == 1
    assert on(ready)["told"] == 2
    there = ready.json("storm", "status")[0]["id"]
    assert f"hãy chạy storm off {there} trước" in ready.run("storm", "on", "--text", WORDS, code=1).stderr
    assert on(ready, "--area", "an-cuu", "--quiet")["told"] == 0


def test_a_merge_is_looked_at_first_and_done_by_the_tables_own_move(ready, world):
    on(ready, "--area", "an-cuu", "--quiet")
    with world.store.write() as uow:  # the commands go by the real time, the world by its own
        uow.connection.plain.exec_driver_sql("update storms set starts_at = '2020-01-01 00:00:00'")
    master, other = report(world, chat="lan"), report(world, chat="minh")
    report(world, chat="nam", category="rubbish")
    [group] = ready.json("storm", "merge", "--dry-run")["groups"]
    assert (group["master"], group["others"]) == (master, [other])
    assert ready.json("cases", "show", other)["state"] == "assigned"
    assert ready.json("storm", "merge", "--category", "rubbish", "--dry-run")["groups"] == []
    ready.run("storm", "merge", "--category", "khong-co", code=1)
    [group] = ready.json("storm", "merge")["groups"]
    assert (group["master"], group["others"], group["refused"]) == (master, [other], [])
    shown = ready.json("cases", "show", other)
    assert (shown["state"], shown["events"][-1]["move"]) == ("merged", "T7")
    assert ready.json("storm", "merge")["groups"] == []
    on(ready, "--quiet")
    assert "--storm" in ready.run("storm", "merge", "--dry-run", code=1).stderr


def test_figures_are_the_same_before_and_after(ready, world):
    def figures():
        told = ready.json("report", "figures", "--from", "2026-10-01", "--to", "2026-12-31")
        return {name: value for name, value in told.items() if name != "until"}

    nothing = figures()
    report(world, chat="lan")
    report(world, chat="minh")
    world.clock.forward(days=30)
    before = figures()
    assert before != nothing
    on(ready)
    ready.run("storm", "off")
    assert figures() == before
