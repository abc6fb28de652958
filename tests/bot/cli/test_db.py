"""`db`: make, upgrade, back up while running, restore into the other kind of database, and verify."""

import sqlite3

import click
import pytest

from bot.cli.main import cli
from tests.bot.cli.conftest import report
from tests.world import World


def test_a_new_database_is_made_once(shell):
    assert shell.json("db", "status")["step"] is None
    tried = shell.json("db", "init", "--dry-run")
    assert shell.json("db", "status")["step"] is None
    first = shell.json("db", "init")
    assert tried == first | {"dry_run": True}
    assert first["categories"] > 0 and first["agencies"] > 0, "the sandbox comes with its sample"
    again = shell.json("db", "init")
    assert (again["categories"], again["areas"], again["agencies"], again["routes"]) == (0, 0, 0, 0)
    status = shell.json("db", "status")
    assert status["step"] == status["head"] and status["rows"]["categories"] == first["categories"]


def test_without_the_sandbox_only_what_every_province_needs_is_there(shell):
    made = shell.json("db", "init", BOT_TELEGRAM__TOKEN="123456:abcdefghijklmnopqrstuvwxyzabcdefghi")
    assert made["categories"] > 0 and made["agencies"] == made["areas"] == 0


def test_commands_say_what_to_do_before_there_is_a_database(shell):
    assert "db init" in shell.run("agencies", "list", code=1).stderr


def test_going_back_needs_a_yes_and_can_be_tried_first(ready):
    assert "--yes" in ready.run("db", "downgrade", "base", code=1).stderr
    ready.run("db", "downgrade", "base", "--dry-run")
    assert ready.json("db", "status")["step"] is not None
    ready.run("db", "downgrade", "base", "--yes")
    assert ready.json("db", "status")["step"] is None
    ready.run("db", "upgrade")
    assert ready.json("db", "status")["step"] == ready.json("db", "status")["head"]
    ready.run("db", "upgrade", "--to", "9999", code=1)


@pytest.mark.parametrize(("source", "target"), [("sqlite", "sqlite"), ("sqlite", "postgres"), ("postgres", "sqlite")])
def test_a_backup_restores_into_either_kind(shell, tmp_path, request, clock, source, target):
    urls = {"sqlite": f"sqlite:///{tmp_path / 'from.sqlite3'}", "postgres": "postgres"}
    if "postgres" in (source, target):
        urls["postgres"] = request.getfixturevalue("postgres_url")
    to = urls[target] if source != target else f"sqlite:///{tmp_path / 'to.sqlite3'}"
    file = tmp_path / "backup.sqlite3"
    shell.run("db", "init", "--sample", BOT_DATABASE__URL=urls[source])
    world = World(urls[source], tmp_path, clock=clock)
    codes = sorted(report(world, chat=name) for name in ("lan", "minh"))
    world.close()

    made = shell.json("db", "backup", str(file), BOT_DATABASE__URL=urls[source])
    assert made["counts"]["cases"] == 2
    restored = shell.json("db", "restore", str(file), BOT_DATABASE__URL=to)

    assert restored["cases"] == 2
    assert shell.json("db", "status", BOT_DATABASE__URL=to)["rows"] == made["counts"]
    assert shell.json("cases", "verify", BOT_DATABASE__URL=to) == {"cases": 2, "wrong": []}
    assert sorted(row["code"] for row in shell.json("cases", "list", BOT_DATABASE__URL=to)) == codes
    shown = [shell.json("cases", "show", codes[0], BOT_DATABASE__URL=url) for url in (urls[source], to)]
    assert shown[0] == shown[1]
    # The restored database goes on counting where the old one stopped.
    world = World(to, tmp_path, clock=clock)
    report(world, chat="hoa")
    world.close()
    assert shell.json("cases", "verify", BOT_DATABASE__URL=to)["cases"] == 3


def test_a_backup_is_private_and_never_overwrites(ready, tmp_path):
    file = tmp_path / "backup.sqlite3"
    ready.run("db", "backup", str(file))
    assert file.stat().st_mode & 0o077 == 0
    assert "đã có tệp" in ready.run("db", "backup", str(file), code=1).stderr
    assert sorted(path.name for path in tmp_path.iterdir()) == ["backup.sqlite3", "var"]


def test_a_backup_is_made_while_somebody_writes(world, ready, tmp_path):
    report(world)
    with world.store.write() as uow:
        uow.registers.record("cli", "test", "", world.clock.now())
        made = ready.json("db", "backup", str(tmp_path / "b.sqlite3"))
    assert made["counts"]["cases"] == 1


@pytest.mark.parametrize("spoil", ["cut", "foreign"])
def test_a_damaged_backup_is_refused_and_nothing_is_touched(ready, tmp_path, spoil):
    file = tmp_path / "backup.sqlite3"
    ready.run("db", "backup", str(file))
    if spoil == "cut":
        file.write_bytes(file.read_bytes()[:8192])
    else:
        file.unlink()
        sqlite3.connect(file).execute("CREATE TABLE t (x)").connection.close()
    empty = {"BOT_DATABASE__URL": f"sqlite:///{tmp_path / 'new.sqlite3'}"}
    assert "lành lặn" in ready.run("db", "restore", str(file), code=1, **empty).stderr
    assert ready.json("db", "status", **empty)["step"] is None


def test_a_restore_wants_an_empty_database(ready, tmp_path):
    file = tmp_path / "backup.sqlite3"
    ready.run("db", "backup", str(file))
    assert "trống" in ready.run("db", "restore", str(file), code=1).stderr
    ready.run("db", "restore", str(file), "--dry-run")


def test_rows_lost_on_the_way_are_noticed(ready, tmp_path):
    file = tmp_path / "backup.sqlite3"
    ready.run("db", "backup", str(file))
    with sqlite3.connect(file) as connection:
        connection.execute("DELETE FROM routes WHERE id = 1")
    empty = {"BOT_DATABASE__URL": f"sqlite:///{tmp_path / 'new.sqlite3'}"}
    assert "không khớp" in ready.run("db", "restore", str(file), code=1, **empty).stderr
    ready.run("db", "backup", str(tmp_path / "whole.sqlite3"))
    ready.run("db", "restore", str(tmp_path / "whole.sqlite3"), **empty)


def test_every_group_of_commands_that_the_program_promises_is_there():
    promised = {
        "serve", "web", "worker", "tick", "poll", "check", "db", "agencies", "staff", "categories", "areas", "policy",
        "holidays", "report", "cases", "people", "queue", "media", "telegram", "zalo", "sandbox", "instruments",
        "records", "roster", "spots", "storm",
    }  # fmt: skip
    assert set(cli.list_commands(click.Context(cli))) == promised
