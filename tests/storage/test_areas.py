"""Areas: saved with their outlines, named as on a day, ended and followed by others, called by other names."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from storage.areas import AreaRow, PastArea

NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
MERGER = datetime(2025, 6, 30, 17, 0, tzinfo=UTC)  # the first of July in Vietnam
BEFORE = datetime(2025, 6, 1, tzinfo=UTC)
WARD = AreaRow("19789", "46", "Phường An Cựu", "An Cuu ward", "an cuu", 16.45, 107.6, b"\x01\x02", True)
OLD = replace(WARD, code="19790", vi="Phường An Đông", en="An Dong ward", outline=None, valid_until=MERGER)


def test_saved_named_and_taken_out(store):
    with store.write() as uow:
        uow.areas.save([])
        uow.areas.save([WARD])
        uow.areas.save([WARD])
        assert uow.areas.all(NOW) == [WARD]
        assert uow.areas.get("19789") == WARD and uow.areas.get("0") is None
        assert uow.areas.names("19789") == ("Phường An Cựu", "An Cuu ward")
        assert uow.areas.names("0") is None
        assert uow.areas.change("19789", active=False)
        assert not uow.areas.change("0", active=False)
        assert uow.areas.all(NOW) == []
        assert uow.areas.count() == 1


def test_what_has_ended_stands_until_its_day_and_what_begins_from_it(store):
    begins = replace(WARD, valid_from=MERGER)
    with store.write() as uow:
        uow.areas.save([begins, OLD])
        assert uow.areas.all(BEFORE) == [OLD]
        assert uow.areas.all(MERGER) == [begins]
        assert uow.areas.register() == [begins, OLD]
        assert begins.stands(MERGER) and not OLD.stands(MERGER) and OLD.stands(BEFORE)


def test_a_code_that_was_given_to_another_unit_keeps_both_names_by_day(store):
    before = replace(WARD, vi="Phường An Tây", en="An Tay ward")
    with store.write() as uow:
        uow.areas.save([before])
        uow.areas.keep_versions([(before, MERGER)])
        uow.areas.save([replace(WARD, valid_from=MERGER)])
        uow.areas.succeed("19789", MERGER, ["19789"])
    with store.read() as uow:
        assert uow.areas.names("19789", BEFORE) == ("Phường An Tây", "An Tay ward")
        assert uow.areas.names("19789", MERGER) == uow.areas.names("19789") == ("Phường An Cựu", "An Cuu ward")
        assert uow.areas.past() == [PastArea("19789", "Phường An Tây", "An Tay ward", True, None, MERGER, ("19789",))]


def test_what_an_area_became_is_told_anew_each_time(store):
    with store.write() as uow:
        uow.areas.save([WARD, replace(WARD, code="19791"), OLD])
        uow.areas.succeed("19790", MERGER, ["19791"])
        uow.areas.succeed("19790", MERGER, ["19789", "19791"])
        assert [one.successors for one in uow.areas.past()] == [("19789", "19791")]
        uow.areas.succeed("19790", MERGER, [])
        assert [one.successors for one in uow.areas.past()] == [()]


def test_other_names_mean_one_area_or_several_until_they_are_forgotten(store):
    with store.write() as uow:
        uow.areas.save([WARD, OLD])
        uow.areas.call("Đập Đá", ["19789"])
        uow.areas.call("An Đông", ["19790"])
        uow.areas.call("An Đông", ["19789", "19790"])
        assert uow.areas.aliases() == [("An Đông", "19789"), ("An Đông", "19790"), ("Đập Đá", "19789")]
        assert uow.areas.uncall("An Đông") == 2 and uow.areas.uncall("An Đông") == 0
        assert uow.areas.aliases() == [("Đập Đá", "19789")]
