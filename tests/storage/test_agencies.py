"""Agencies as a tree, their routes, and codes that work once."""

from __future__ import annotations

from datetime import timedelta

from tests.at_once import at_once


def test_a_tree_of_uneven_depth(store, office, at):
    with store.write() as uow:
        team = uow.agencies.add("to-1", "Tổ 1", "Team 1", "team", office["company"], "to 1", at)
        below = uow.agencies.hangs_below
        assert below(office["company"], office["ward"])
        assert below(team, office["ward"])
        assert not below(office["ward"], office["ward"])
        assert not below(office["ward"], team)
        assert not below(999, team)
        uow.agencies.change(office["ward"], parent_id=team)  # a ring must not hold anybody for ever
        assert not below(team, 999)
        assert uow.agencies.by_code("to-1") == uow.agencies.get(team)
        assert [row.code for row in uow.agencies.all()] == ["an-cuu", "do-thi", "to-1"]
        assert uow.agencies.count() == 3


def test_routes_are_there_once(store, office):
    with store.write() as uow:
        assert uow.agencies.add_route("lamp", None, office["ward"])
        assert not uow.agencies.add_route("lamp", None, office["ward"])
        assert uow.agencies.add_route(None, None, office["ward"])
        assert not uow.agencies.add_route(None, None, office["ward"])
        first, second = uow.agencies.routes()
        assert uow.agencies.drop_route(first.id)
        assert not uow.agencies.drop_route(first.id)
        assert uow.agencies.routes() == [second]


def test_a_code_works_once_in_any_case_and_before_it_ends(store, office, chat, at):
    with store.write() as uow:
        uow.agencies.make_code("AbC-1", office["ward"], at, at + timedelta(hours=1))
        uow.agencies.make_code("OPS", None, at, at + timedelta(hours=1))
        assert "AbC-1" not in str(uow.connection.plain.exec_driver_sql("select * from link_codes").all())
        assert uow.agencies.use_code("abc-1", chat, at + timedelta(hours=1)) == (False, None)
        assert uow.agencies.use_code(" abc-1 ", chat, at) == (True, office["ward"])
        assert uow.agencies.use_code("abc-1", chat, at) == (False, None)
        assert uow.agencies.use_code("ops", chat, at) == (True, None)
        assert uow.agencies.use_code("nothing", chat, at) == (False, None)


def test_of_two_groups_with_one_code_one_is_linked(store, office, chat, at):
    with store.write() as uow:
        uow.agencies.make_code("ONE", office["ward"], at, at + timedelta(hours=1))

    def use():
        with store.write() as uow:
            return uow.agencies.use_code("one", chat, at)[0]

    assert sorted(at_once(use, use)) == [False, True]
