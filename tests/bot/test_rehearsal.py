"""The sandbox's groups at the first start: linked, staffed, and left alone at the second."""

from __future__ import annotations

from bot import rehearsal
from bot.sandbox import world as sandbox
from bot.sandbox.zalo import world as zalo
from storage import migrate
from storage.db import open_engine
from storage.unit_of_work import Store
from tests.world import MONDAY, World


def test_groups_are_linked_and_their_members_confirmed_once(ready_url, tmp_path):
    world = World(ready_url, tmp_path)
    for _ in range(2):
        rehearsal.prepare(world.store, world.clock.now())
    with world.store.read() as uow:
        ward = uow.agencies.by_code("an-cuu").id
        assert [chat.external_id for chat in uow.chats.of_agency(ward)] == [str(sandbox.AN_CUU)]
        assert [chat.external_id for chat in uow.chats.of_operators()] == [str(sandbox.OPERATORS)]
        other = uow.agencies.by_code("thuan-hoa").id
        assert [(chat.platform, chat.external_id) for chat in uow.chats.of_agency(other)] == [("zalo", zalo.THUAN_HOA)]
        assert {row["role"] for row in uow.people.staff(other)} == {"head", "member"}
        assert {row["status"] for row in uow.people.staff(everyone=True)} == {"confirmed"}
        assert len(uow.people.staff(ward)) == 2
    world.close()


def test_without_the_sample_agencies_only_the_operators_are_linked(sqlite_url):
    engine = open_engine(sqlite_url)
    migrate.upgrade(engine)
    store = Store(engine)
    rehearsal.prepare(store, MONDAY)
    with store.read() as uow:
        assert len(uow.chats.of_operators()) == 1
        assert {row["agency"] for row in uow.people.staff(everyone=True)} == {None}
    engine.dispose()
