"""One person, two accounts: linked by a code that only they have, with everything that is theirs."""

import re

import pytest

from handlers import linking
from storage.linking import LinkStore
from tests.handlers.channels import TwoWorlds
from tests.handlers.test_notifier import greet, later, news, tell
from tests.journeys.scene import Scene
from workflows.case.replay import replay

CODE = re.compile(r"\b[2-9A-Z]{4}-[2-9A-Z]{4}\b")


@pytest.fixture
def world(ready_url, tmp_path):
    world = TwoWorlds(ready_url, tmp_path)
    yield world
    world.close()


@pytest.fixture
def scene(world):
    return Scene(world)


def on_second(scene, key):
    someone = scene.citizen(key)
    someone.chat = f"z-{key}"
    return someone


def a_code(someone):
    someone.says("/lienket").hears("Mã liên kết")
    return CODE.search(someone.told[-1])[0]


def person_of(world, someone):
    with world.store.read() as uow:
        platform = "limited" if someone.chat.startswith("z-") else "plain"
        return uow.people.find(platform, someone.user)


def linked(scene, one, other):
    other.says(f"/lienket {a_code(one)}").hears("Đã liên kết hai tài khoản")


def in_order(world):
    with world.store.read() as uow:
        for row in uow.cases.listing(how_many=100):
            assert replay(uow.cases.events(row.id)) == row.case


def test_both_accounts_see_the_reports_of_either(world, scene):
    lan, lan_z = scene.citizen("lan"), on_second(scene, "lanz")
    first, second = lan.reports(), lan_z.reports()
    lan.listens()
    linked(scene, lan, lan_z)
    lan.hears("vừa được liên kết")
    lan_z.says("/cuatoi").hears(first, second)
    lan.says("/cuatoi").hears(first, second)
    assert person_of(world, lan).id == person_of(world, lan_z).id
    in_order(world)
    world.forward(minutes=3)
    in_order(world)
    with world.store.read() as uow:
        [record] = uow.registers.records("person.linked", 10)
    assert record["actor"].startswith("person:")


def test_work_on_a_case_goes_on_after_its_reporter_was_renamed(world, scene):
    scene.officer("hương", "nhom-van-hanh", None)
    duc = scene.officer("đức", "nhom-an-cuu", "an-cuu")
    lan, lan_z = scene.citizen("lan"), on_second(scene, "lanz")
    lan.agrees()
    code = lan_z.reports()
    duc.hears(code)
    linked(scene, lan, lan_z)
    lan_z.says(f"/tracuu {code}").hears(code)
    lan.says(f"/tracuu {code}").hears(code)
    case = scene.case(code)
    assert case.case.reporter_id == person_of(world, lan).id
    tell(world, "z-lanz", news(1), case_id=case.id)
    assert "PA-0001" in world.said("z-lanz")[-1]
    in_order(world)


def test_a_code_works_once_for_ten_minutes_and_only_the_newest(world, scene):
    lan, lan_z, ba = scene.citizen("lan"), on_second(scene, "lanz"), on_second(scene, "ba")
    old, new = a_code(lan), a_code(lan)
    lan_z.says(f"/lienket {old}").hears("không đúng hoặc đã hết hạn")
    world.forward(minutes=11)
    lan_z.says(f"/lienket {new}").hears("không đúng hoặc đã hết hạn")
    good = a_code(lan)
    lan_z.says(f"/lienket {good.lower()}").hears("Đã liên kết hai tài khoản")
    ba.says(f"/lienket {good}").hears("không đúng hoặc đã hết hạn")
    assert person_of(world, ba).id != person_of(world, lan).id


def test_guessing_tells_nothing_and_ends_soon(world, scene):
    lan, ba = scene.citizen("lan"), on_second(scene, "ba")
    code = lan.reports()
    for _ in range(linking.TRIES):
        ba.says("/lienket 2222-2222").hears("không đúng hoặc đã hết hạn").does_not_hear(code)
    right = a_code(lan)
    ba.says(f"/lienket {right}").hears("nhiều lần").does_not_hear(code)
    ba.says("/cuatoi").does_not_hear(code)
    world.forward(minutes=61)
    ba.says(f"/lienket {right}").hears("không đúng hoặc đã hết hạn")


def test_what_cannot_be_linked(world, scene):
    lan, ba = scene.citizen("lan"), scene.citizen("ba")
    code = a_code(lan)
    lan.says(f"/lienket {code}").hears("chính tài khoản này")
    ba.says(f"/lienket {code}").hears("cùng một kênh")
    assert person_of(world, ba).id != person_of(world, lan).id


def test_a_block_of_either_holds_for_both_and_so_does_the_consent_said_last(world, scene):
    lan, lan_z = scene.citizen("lan"), on_second(scene, "lanz")
    lan.agrees()
    code = lan_z.reports()
    until = world.clock.now().replace(day=28)
    with world.store.write() as uow:
        uow.people.change(uow.cases.by_code(code).case.reporter_id, blocked_until=until, block_reason="thử")
    linked(scene, lan, lan_z)
    person = person_of(world, lan)
    assert (person.blocked_until, person.block_reason, person.consent_version) == (until, "thử", 1)


def test_a_consent_that_was_withdrawn_later_is_not_brought_back(world, scene):
    lan, lan_z = scene.citizen("lan"), on_second(scene, "lanz")
    lan.agrees()
    lan_z.agrees()
    with world.store.write() as uow:
        world.clock.forward(minutes=5)
        uow.people.consent(uow.people.find("limited", lan_z.user).id, 0, world.clock.now(), given=False)
    linked(scene, lan, lan_z)
    assert person_of(world, lan).consent_version == 0


def test_a_draft_under_way_goes_on(world, scene):
    lan, lan_z = scene.citizen("lan"), on_second(scene, "lanz")
    lan.agrees()
    lan_z.agrees().says("/phananh").sends_photo(text="Đèn đường hỏng ba tối nay").hears("Sự việc xảy ra ở đâu")
    linked(scene, lan, lan_z)
    lan_z.says("12 Nguyễn Huệ, phường An Cựu").does_not_hear("Sự việc xảy ra ở đâu")


def test_an_officer_stays_an_officer_and_nobody_gets_a_right_back(world, scene):
    duc = scene.officer("đức", "nhom-an-cuu", "an-cuu")
    private = scene.alone(duc)
    phone = on_second(scene, "ducz")
    phone.agrees()
    with world.store.write() as uow:
        other = uow.people.find("limited", phone.user)
        duty = uow.people.join_staff(other.id, uow.agencies.by_code("an-cuu").id, world.clock.now())
        uow.people.change_staff(duty.id, status="removed")
    linked(scene, private, phone)
    with world.store.read() as uow:
        officer = uow.people.find("plain", duc.user)
        assert officer.id == uow.people.find("limited", phone.user).id
        assert [duty.status for duty in uow.people.duties(officer.id)] == ["removed"]


def test_what_waits_on_a_closed_channel_goes_by_the_new_one(world, scene):
    lan_z, lan = on_second(scene, "lanz"), scene.citizen("lan")
    greet(world, "z-lanz", lan_z.user)
    later(world, days=8)
    tell(world, "z-lanz", news(1))
    greet(world, lan.chat, lan.user)
    with world.store.write() as uow:
        two = [uow.people.find("limited", lan_z.user).id, uow.people.find("plain", lan.user).id]
        linking.link_reporters(uow, *two, "cli", world.clock.now())
        uow.flush(world.clock.now())
    world.settle()
    assert any("PA-0001" in text for text in world.said(lan.chat))
    assert any("vừa liên kết các tài khoản" in text for text in world.said(lan.chat))


def test_erasing_erases_both_accounts(world, scene):
    lan, lan_z = scene.citizen("lan"), on_second(scene, "lanz")
    code = lan_z.reports()
    linked(scene, lan, lan_z)
    lan.says("/xoa").picks("Xóa dữ liệu").hears("Đã xóa dữ liệu")
    lan_z.says("/cuatoi").does_not_hear(code)
    assert person_of(world, lan) is None
    with world.store.read() as uow:
        assert uow.people.accounts(person_of(world, lan_z).id) == [("limited", lan_z.user)]
        case = uow.cases.by_code(code)
        assert uow.cases.words([case.case.words])[case.case.words] == ""


def test_what_another_step_wrote_meanwhile_is_given_over_as_well(world, scene):
    lan, lan_z = scene.citizen("lan"), on_second(scene, "lanz")
    code = lan.reports()
    lan_z.agrees()
    gone = person_of(world, lan_z).id
    linked(scene, lan, lan_z)
    case_id = scene.case(code).id
    with world.store.write() as uow:
        uow.cases.add_words("f" * 32, case_id, gone, "note", "viết cùng lúc", world.clock.now())
    world.forward(minutes=3)
    with world.store.read() as uow:
        assert "viết cùng lúc" in [row["text"] for row in uow.cases.words_of(person_of(world, lan).id)]
        assert LinkStore(uow).cases(gone) == []
