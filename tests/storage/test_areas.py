"""Areas: saved with their outlines, named, retired."""

from __future__ import annotations

from storage.areas import AreaRow


def test_saved_named_and_retired(store):
    area = AreaRow("19789", "46", "Phường An Cựu", "An Cuu ward", "an cuu", 16.45, 107.6, b"\x01\x02", True, True)
    with store.write() as uow:
        uow.areas.save([])
        uow.areas.save([area])
        uow.areas.save([area])
        assert uow.areas.all() == [area]
        assert uow.areas.names("19789") == ("Phường An Cựu", "An Cuu ward")
        assert uow.areas.names("0") is None
        assert uow.areas.change("19789", active=False)
        assert not uow.areas.change("0", active=False)
        assert uow.areas.all() == []
        assert uow.areas.count() == 1
