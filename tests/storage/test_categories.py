"""The tree of categories: saved, changed, in the order in which it is shown."""

from __future__ import annotations

from tests.storage.conftest import category


def test_saved_and_changed(store):
    leaf = category("pothole", parent="road", words=("ổ gà",), danger=("sập",), position=5)
    with store.write() as uow:
        uow.categories.save([])
        uow.categories.save([category("road"), leaf])
        uow.categories.save([category("road", vi="Đường sá")])
        assert [row.code for row in uow.categories.all()] == ["pothole", "road"]
        assert uow.categories.all()[0] == leaf
        assert uow.categories.all()[1].vi == "Đường sá"
        assert uow.categories.change("road", active=False)
        assert not uow.categories.change("none", active=False)
        assert uow.categories.count() == 2
