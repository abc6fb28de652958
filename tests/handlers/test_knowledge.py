"""What is known: which areas a typed address names, and what officers' corrections have taught."""

from dataclasses import replace

import pytest

from handlers.cases import Mover, move
from handlers.opening import Entry, open_case
from handlers.personal_data import erase
from workflows.actions import Action
from workflows.case.model import Role
from workflows.effects import MoveCase
from workflows.report import Report

CHICKENS = "Gà trống gáy trước ba giờ sáng ở dãy trọ"
OPERATOR = Mover(None, frozenset({Role.OPERATOR}))
REPORT = Report(lat=16.45, lon=107.6, address="", area="an-cuu", category="animals")


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


def suggested(world, said=CHICKENS):
    with world.store.read() as uow:
        return [leaf.code for leaf in world.tools.knowledge.categories(uow).search(said)]


def corrected(world, chat, text, category):
    """A report that an operator gives another category; the person who wrote it."""
    now = world.clock.now()
    with world.store.write() as uow:
        uow.chats.ensure([("plain", chat)])
        person = uow.people.meet("plain", chat, "vi", now).id
        row = uow.chats.find("plain", chat)
        uow.chats.change(row.id, kind="private", person_id=person)
        opened = open_case(world.tools, uow, Entry(replace(REPORT, text=text), person, row.id), now)
        wanted = MoveCase(opened.case_id, Action.CORRECT_CATEGORY, category=category)
        assert move(world.tools, uow, wanted, OPERATOR, now).refusal is None
        uow.flush(now)
    return person


def erased(world, chat):
    with world.store.write() as uow:
        row = uow.chats.find("plain", chat)
        erase(world.tools, uow, row.person_id, row, None, world.clock.now())
        uow.flush(world.clock.now())


def test_corrections_change_what_is_suggested_and_erasing_them_changes_it_back(world):
    before = suggested(world)
    assert before[:1] != ["living"]
    corrected(world, "lan", f"{CHICKENS}, không ngủ được", "living")
    corrected(world, "hoa", f"{CHICKENS} bên cạnh", "living")
    assert suggested(world) == before, "learned now and then, not at every message"
    world.clock.forward(minutes=6)
    assert suggested(world)[0] == "living"
    for chat in ("lan", "hoa"):
        erased(world, chat)
    assert suggested(world) == before, "forgotten at once"


def test_nothing_is_learned_from_reports_about_officials(world):
    name = "ông Lê Quang Tám ở dãy nhà cấp bốn"
    before = suggested(world, name)
    for chat in ("lan", "hoa"):
        corrected(world, chat, name, "official-harassment")
    world.clock.forward(minutes=6)
    assert suggested(world, name) == before


def test_what_is_searched_by_is_made_once_while_nothing_changes(world):
    knowledge = world.tools.knowledge
    with world.store.read() as uow:
        tree = knowledge.categories(uow)
        world.clock.forward(minutes=6)
        assert knowledge.categories(uow) is tree
    with world.store.write() as uow:
        uow.categories.change("animals", vi="Vật nuôi")
    world.clock.forward(minutes=6)
    with world.store.read() as uow:
        assert knowledge.categories(uow).find("animals").vi == "Vật nuôi"
