"""Attachments: announced, settled once, bound to one case, counted by their bytes, erased."""

from __future__ import annotations

from tests.storage.test_cases import add, case


def test_from_announced_to_erased(store, chat, office, at):
    person = office["person"]
    with store.write() as uow:
        one, other = add(uow, chat, case(at, 1), case(at, 2))
        for name in ("a", "b"):
            uow.attachments.add(name, person, chat, "photo", f"handle-{name}", at)
        assert uow.attachments.settle({"a": {"status": "kept", "original": "k1", "shown": "k2"}}) == {"a"}
        assert not uow.attachments.settle({"a": {"status": "kept", "original": "k9"}})
        uow.attachments.bind(["a"], one)
        uow.attachments.bind(["a", "b"], other)
        found = uow.attachments.get(["a", "b", "none"])
        assert {name: row.case_id for name, row in found.items()} == {"a": one, "b": other}
        assert uow.attachments.get([]) == {}
        assert [row.id for row in uow.attachments.of_case(one)] == ["a"]
        assert uow.attachments.keys() == ["k1", "k2"]
        assert [uow.attachments.uses(key) for key in ("k1", "k2", "k9")] == [1, 1, 0]
        assert {row.id for row in uow.attachments.of_person(person)} == {"a", "b"}
        uow.attachments.erase(["a", "b"], at)
        assert not uow.attachments.settle({"b": {"status": "kept", "original": "k3"}})
        assert uow.attachments.of_person(person) == uow.attachments.keys() == []
        assert uow.attachments.get(["b"])["b"].handle is None
