"""Values: equal and hashed by their fields, made anew rather than changed."""

import subprocess
import sys
from dataclasses import FrozenInstanceError, field, replace

import pytest

from workflows.frozen import field_names, frozen


@frozen
class Lamp:
    """A lamp."""

    street: str
    works: bool = True
    posts: tuple[int, ...] = field(default=())


@frozen
class Lantern(Lamp):
    """A lamp that is older."""

    since: int = 1900


def test_values_are_equal_and_hashed_by_their_fields():
    assert Lamp("Lê Lợi") == Lamp("Lê Lợi")
    assert len({Lamp("Lê Lợi"), Lamp("Lê Lợi"), replace(Lamp("Lê Lợi"), works=False)}) == 2


def test_there_is_no_room_for_anything_else():
    with pytest.raises((AttributeError, FrozenInstanceError)):
        Lamp("Lê Lợi").colour = "green"


def test_fields_are_named_in_their_order():
    assert field_names(Lantern) == ("street", "works", "posts", "since")


def test_mypy_lets_nobody_assign_a_field_or_give_a_wrong_one(tmp_path):
    written = tmp_path / "written.py"
    written.write_text(
        "from dataclasses import replace\n"
        "from workflows.frozen import frozen\n\n\n"
        "@frozen\nclass Lamp:\n    street: str\n\n\n"
        'lamp = Lamp("Lê Lợi")\n'
        'lamp.street = "Nguyễn Huệ"\n'
        "replace(lamp, street=7)\n"
    )
    told = subprocess.run(
        [sys.executable, "-m", "mypy", "--strict", "--cache-dir", tmp_path / "cache", written],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert 'Property "street" defined in "Lamp" is read-only' in told.stdout
    assert 'Argument "street" to "replace" of "Lamp" has incompatible type "int"' in told.stdout
