"""Alerts: every operators' group and the log, once an hour for each key."""

import structlog

from handlers.alerts import alert


def tell(world, key, **values):
    with world.store.write() as uow:
        alert(uow, key, values, world.clock.now())
        uow.flush(world.clock.now())
    world.settle()


def test_operators_hear_of_each_trouble_once_an_hour(world):
    world.link("ops", "u-op", "Minh", None)
    world.link("ops2", "u-op", "Minh", None)
    before = len(world.said("ops"))
    with structlog.testing.capture_logs() as logs:
        tell(world, "zalo_token_late", code="-14")
        tell(world, "zalo_token_late", code="-15")
        tell(world, "zalo_token_lost", code="-16")
    assert [line["alert"] for line in logs if line["event"] == "alert"] == ["zalo_token_late", "zalo_token_lost"]
    heard = world.said("ops")[before:]
    assert len(heard) == 2 and "-14" in heard[0] and "-16" in heard[1]
    assert "-16" in world.heard("ops2")
    world.forward(hours=1)
    tell(world, "zalo_token_late", code="-17")
    assert "-17" in world.heard("ops")


def test_subjects_are_told_apart(world):
    world.link("ops", "u-op", "Minh", None)
    tell(world, "channel_silent:zalo", channel="Zalo", hours="12")
    tell(world, "channel_silent:telegram", channel="Telegram", hours="12")
    assert "Zalo" in world.said("ops")[-2] and "Telegram" in world.said("ops")[-1]


def test_without_a_group_the_log_has_it(world):
    with structlog.testing.capture_logs() as logs:
        tell(world, "zalo_token_lost", code="-16")
    assert [line["alert_code"] for line in logs if line["event"] == "alert"] == ["-16"]
