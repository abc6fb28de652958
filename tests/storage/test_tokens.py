"""Values by name, changed by compare-and-set."""

import time


def test_the_first_value_is_kept_once(store, at):
    with store.write() as uow:
        tokens = uow.tokens
        assert tokens.find("zalo_oa") is None
        assert tokens.add("zalo_oa", "one", at)
        assert not tokens.add("zalo_oa", "two", at)
        kept = tokens.find("zalo_oa")
    assert (kept.value, kept.version, kept.updated_at) == ("one", 1, at)


def test_only_the_version_that_was_seen_is_replaced(store, at):
    with store.write() as uow:
        tokens = uow.tokens
        tokens.add("zalo_oa", "one", at)
        assert tokens.replace("zalo_oa", 1, "two", at)
        assert not tokens.replace("zalo_oa", 1, "three", at)
        assert not tokens.replace("other", 1, "three", at)
        assert (tokens.find("zalo_oa").value, tokens.find("zalo_oa").version) == ("two", 2)


def test_the_clock_of_the_database_goes_with_ours(store):
    with store.read() as uow:
        assert abs(uow.tokens.seconds() - time.time()) < 60
