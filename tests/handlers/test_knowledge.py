"""What is known of areas: which of them a typed address names."""

import pytest


@pytest.mark.parametrize(
    ("address", "codes"),
    [
        ("12 Nguyễn Huệ, phường An Cựu", ["an-cuu"]),
        ("12 nguyen hue, phuong an cuu, tp hue", ["an-cuu"]),
        ("12 Nguyễn Huệ, P. An Cựu, Huế", ["an-cuu"]),
        ("ngã tư p.an cựu - p.thuận hóa", ["an-cuu", "thuan-hoa"]),
        ("12 Nguyễn Huệ", []),
        ("quán phường An Cựuu", []),
    ],
)
def test_areas_are_found_in_addresses_as_people_type_them(world, address, codes):
    with world.store.read() as uow:
        found = world.tools.knowledge.named_areas(uow, address)
    assert sorted(area.code for area in found) == codes
