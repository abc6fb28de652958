"""The codec: dataclasses to JSON and back, and nothing that is not one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

import msgspec
import pytest

from storage.codec import dump, load, plain


@dataclass(frozen=True)
class Inner:
    name: str = ""


@dataclass(frozen=True)
class Outer:
    number: int
    at: datetime | None = None
    inner: tuple[Inner, ...] = ()


def test_there_and_back():
    value = Outer(7, datetime(2026, 11, 23, tzinfo=UTC), (Inner("Huế 🌧"), Inner()))
    assert load(dump(value), Outer) == value
    assert plain(dump(value))["inner"][0] == {"name": "Huế 🌧"}


def test_what_was_stored_by_an_older_program_takes_the_defaults():
    assert load('{"number":1,"gone":true}', Outer) == Outer(1)


@pytest.mark.parametrize("text", ["", "{", '{"number":"x"}', "[]"])
def test_what_is_none_is_refused(text):
    with pytest.raises(msgspec.MsgspecError):
        load(text, Outer)
