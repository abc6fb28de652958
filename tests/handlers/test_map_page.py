"""A place sent by the map page: once, in the order of its chat, and only ever for the draft of its link."""

import json
from functools import partial

import pytest
from sqlalchemy import func, select

from handlers import map_page
from handlers.map_page import MOST, Kept, Pointed
from storage.models import Inbox, table_of
from tests.at_once import at_once
from tests.journeys.scene import Scene

INBOX = table_of(Inbox)
IN_AN_CUU, IN_VY_DA, IN_HANOI, ON_A_BORDER = (
    (16.4575, 107.6227),
    (16.4815, 107.6245),
    (21.03, 105.85),
    (16.466, 107.574),
)


@pytest.fixture
def scene(world):
    return Scene(world)


@pytest.fixture
def lan(scene):
    """A citizen at the question for the place."""
    lan = scene.citizen("lan").agrees()
    return lan.sends_photo(text="Đèn đường trước số 12 hỏng ba tối nay").hears("Sự việc xảy ra ở đâu")


def chat_id(world, someone):
    with world.store.read() as uow:
        chat = uow.chats.find("plain", someone.chat)
        assert chat
        return chat.id


def send(world, someone, lat=None, lon=None, address="", draft=1, number=1):
    """As the page does it; the chat is settled."""
    world.clock.forward(seconds=1)
    someone.listens()
    kept = map_page.keep(world.tools, chat_id(world, someone), number, Pointed(draft, lat, lon, address))
    world.settle()
    return kept


def pages(world):
    with world.store.read() as uow:
        return uow.connection.scalar(select(func.count()).select_from(INBOX).where(INBOX.c.kind == "page"))


def test_a_point_becomes_the_place_of_the_draft(world, lan):
    assert send(world, lan, *IN_AN_CUU, "trước số nhà 12") is Kept.KEPT
    lan.hears("Đã ghi vị trí: Phường An Cựu", "Có phải một trong các mục này không")
    lan.picks("Chiếu sáng").hears("Địa chỉ: trước số nhà 12", "Địa bàn: Phường An Cựu")


def test_an_address_becomes_the_place_of_the_draft(world, lan):
    send(world, lan, address="12 Nguyễn Huệ, phường Vỹ Dạ")
    lan.hears("Đã ghi vị trí: Phường Vỹ Dạ")


def test_nothing_is_decided_where_it_is_kept(world, lan):
    lan.listens()
    map_page.keep(world.tools, chat_id(world, lan), 1, Pointed(1, *IN_AN_CUU))
    lan.hears_nothing()
    world.settle()
    lan.hears("Đã ghi vị trí: Phường An Cựu")


def test_sending_twice_is_sending_once(world, lan):
    send(world, lan, *IN_AN_CUU)
    assert send(world, lan, *IN_AN_CUU) is Kept.KNOWN
    lan.hears_nothing()
    assert pages(world) == 1


def test_sending_twenty_times_at_once_is_sending_once(world, lan):
    press = partial(map_page.keep, world.tools, chat_id(world, lan), 1, Pointed(1, *IN_AN_CUU))
    answers = at_once(*[press] * 20)
    assert sorted(answer.value for answer in answers) == ["kept"] + ["known"] * 19
    assert pages(world) == 1


def test_another_place_corrects_the_first_and_back_again(world, lan):
    send(world, lan, *IN_AN_CUU)
    assert send(world, lan, *IN_VY_DA, number=2) is Kept.KEPT
    lan.hears("Đã ghi vị trí: Phường Vỹ Dạ")
    assert send(world, lan, *IN_AN_CUU, number=3) is Kept.KEPT
    lan.hears("Đã ghi vị trí: Phường An Cựu")


def test_a_page_open_twice_loses_no_correction(world, lan):
    send(world, lan, *IN_AN_CUU, number=1)
    assert send(world, lan, *IN_VY_DA, number=1) is Kept.KEPT
    lan.hears("Đã ghi vị trí: Phường Vỹ Dạ")
    assert send(world, lan, *IN_VY_DA, number=1) is Kept.KNOWN


def test_there_is_an_end_to_what_one_link_may_send(world, lan):
    for number in range(MOST):
        assert send(world, lan, 16.45 + number / 10_000, 107.62, number=number + 1) is Kept.KEPT
    assert send(world, lan, *IN_VY_DA, number=MOST) is Kept.TOO_MANY
    assert pages(world) == MOST
    standing = map_page.standing(world.tools, chat_id(world, lan), 1)
    assert standing
    assert standing.number is None


@pytest.mark.parametrize(
    ("place", "words"),
    [
        (IN_HANOI, "nằm ngoài địa bàn thành phố Huế"),
        ((0.0, 0.0), "không có trên bản đồ"),
        ((91.0, 107.6), "không có trên bản đồ"),
        ((16.4, 181.0), "không có trên bản đồ"),
        (ON_A_BORDER, "thuộc xã, phường nào"),
    ],
)
def test_what_is_no_place_of_ours_is_said_in_the_chat(world, lan, place, words):
    send(world, lan, *place)
    lan.hears(words)


def test_a_place_for_a_draft_that_was_sent_is_asked_about(world, lan):
    send(world, lan, *IN_AN_CUU)
    lan.picks("Chiếu sáng").picks("Gửi phản ánh").hears("Mã phản ánh")
    send(world, lan, *IN_VY_DA, number=2)
    lan.hears("thuộc về một phản ánh đã gửi hoặc đã bỏ", "đang nói về phản ánh nào")


def test_a_place_for_a_dropped_draft_does_not_get_into_the_next(world, lan):
    lan.says("/huy").picks("Bỏ phản ánh")
    lan.says("/phananh").sends_photo(text="Ổ gà rất to giữa đường").hears("Sự việc xảy ra ở đâu")
    send(world, lan, *IN_AN_CUU, draft=1)
    lan.hears("nên vị trí chưa được ghi", "Sự việc xảy ra ở đâu")
    send(world, lan, *IN_VY_DA, draft=2)
    lan.hears("Đã ghi vị trí: Phường Vỹ Dạ")


def test_how_a_link_stands(world, lan):
    def standing(draft):
        found = map_page.standing(world.tools, chat_id(world, lan), draft)
        assert found
        return (found.platform, found.language, found.open, found.number)

    assert standing(1) == ("plain", "vi", True, 1)
    assert standing(2) == ("plain", "vi", False, 1)
    send(world, lan, *IN_AN_CUU)
    assert standing(1) == ("plain", "vi", True, 2)
    lan.says("/ngonngu").picks("English")
    assert standing(1) == ("plain", "en", True, 2)
    lan.says("/cancel").picks("Drop the draft")
    assert standing(1) == ("plain", "en", False, 2)


def test_idle_chats_have_no_open_link(world, scene):
    hoa = scene.citizen("hoa").says("/start")
    standing = map_page.standing(world.tools, chat_id(world, hoa), 0)
    assert standing
    assert not standing.open


def test_groups_and_unknown_chats_have_no_map(world, scene):
    duc = scene.officer("duc", "an-cuu", "an-cuu")
    for chat in (chat_id(world, duc), 424_242):
        assert map_page.standing(world.tools, chat, 1) is None
        assert map_page.keep(world.tools, chat, 1, Pointed(1, *IN_AN_CUU)) is Kept.GONE
    assert pages(world) == 0


def test_whoever_erased_everything_has_no_link_any_more(world, lan):
    chat = chat_id(world, lan)
    send(world, lan, *IN_AN_CUU)
    lan.says("/xoa").picks("Xóa dữ liệu").hears("Đã xóa dữ liệu")
    assert map_page.standing(world.tools, chat, 1) is None
    assert map_page.keep(world.tools, chat, 2, Pointed(1, *IN_AN_CUU)) is Kept.GONE
    with world.store.read() as uow:
        kept = uow.connection.scalars(select(INBOX.c.payload).where(INBOX.c.kind == "page")).all()
    assert kept == [None]


def test_a_broken_row_holds_up_nobody_and_is_said(world, lan):
    with world.store.write() as uow:
        uow.inbox.keep("plain", "map:broken", lan.chat, '{"draft":"x"}', world.clock.now(), "page")
    lan.listens()
    for _ in range(12):
        world.forward(minutes=2)
    lan.hears("tin nhắn vừa rồi chưa xử lý được")
    lan.says("12 Nguyễn Huệ, phường An Cựu").hears("Đã ghi vị trí: Phường An Cựu")


def test_the_map_shows_the_served_areas_and_no_others(world):
    with world.store.write() as uow:
        uow.areas.change("kim-long", served=False)
    shown = json.loads(map_page.outlines(world.tools))
    names = {feature["properties"]["vi"] for feature in shown["features"]}
    assert "Phường An Cựu" in names
    assert "Phường Kim Long" not in names
    assert {feature["geometry"]["type"] for feature in shown["features"]} == {"Polygon"}


def test_a_point_is_looked_up_as_it_will_be_decided(world):
    assert map_page.where(world.tools, *IN_AN_CUU).areas[0].code == "an-cuu"
    assert map_page.where(world.tools, *IN_HANOI).kind == "outside"
    assert map_page.where(world.tools, *ON_A_BORDER).kind == "near"
