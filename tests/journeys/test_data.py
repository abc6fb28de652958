"""A person's own data: shown whole by /dulieu, erased by /xoa so that every case still replays."""

import pytest
from sqlalchemy import select

from storage.models import Attachment, CaseWords, Chat, Identity, Inbox, Outbox, Position, Term, table_of
from tests.journeys.scene import AFTER, LAMP
from workflows.case.model import State
from workflows.case.replay import replay

WORDS = "Đèn đường trước nhà ông Bảy hỏng ba tối nay"


def every(scene, *columns):
    with scene.world.store.read() as uow:
        return uow.connection.execute(select(*columns)).all()


def everything_stored(scene, tables):
    """All text in these tables, as one."""
    return "\n".join(str(tuple(row)) for table in tables for row in every(scene, *table_of(table).c))


def erases(someone):
    return someone.says("/xoa").hears("muốn xóa dữ liệu của mình").picks("Xóa dữ liệu")


@pytest.fixture
def code(scene, lan, duc):
    """A case with words, a place, a photo, a question and an answer."""
    code = lan.reports(WORDS)
    duc.picks("Nhận xử lý", of=code).picks("Hỏi người dân", of=code).says("Cột số mấy?").picks("Gửi")
    lan.says("Cột số mười bốn")
    return code


def test_own_data_are_shown_whole(scene, lan, code):
    lan.says("/dulieu").hears("Kênh liên lạc: Plain", code, WORDS, "12 Nguyễn Huệ", "Cột số mười bốn", "/xoa")


def test_after_erasure_nothing_says_who_what_or_where(scene, lan, duc, code):
    erases(lan).hears("Đã xóa dữ liệu")
    tables = (Inbox, Outbox, CaseWords, Position, Attachment, Chat, Identity, Term)
    stored = everything_stored(scene, tables)
    for secret in (WORDS, "Cột số mười bốn", "ông Bảy", "12 Nguyễn Huệ", lan.user, lan.name):
        assert secret not in stored, secret
    gone = everything_stored(scene, (CaseWords, Position, Attachment))
    assert "kept" not in gone


def test_after_erasure_the_history_still_adds_up_to_the_case(scene, lan, duc, code):
    before = scene.case(code).case
    erases(lan)
    row = scene.case(code)
    with scene.world.store.read() as uow:
        events = uow.cases.events(row.id)
    assert replay(events) == row.case
    assert row.case.opened_at == before.opened_at
    assert row.case.state is State.CANCELLED


def test_after_erasure_no_case_leads_to_the_chat(scene, lan, code):
    erases(lan)
    chat = table_of(Chat)
    home = scene.case(code).home_chat_id
    assert [row.external_id for row in every(scene, chat.c.id, chat.c.external_id) if row.id == home] != [lan.chat]
    lan.says("/cuatoi").does_not_hear(code)


def files_in(folder):
    return sorted(path.name for path in (folder / "media").rglob("*") if path.is_file())


def test_the_bytes_are_deleted_unless_somebody_else_sent_the_same(scene, lan, duc, code, tmp_path):
    minh = scene.citizen("minh")
    minh.reports("Đèn số 12 hỏng")
    attachment = table_of(Attachment)
    [key] = {row.original for row in every(scene, attachment.c.original) if row.original}
    erases(lan)
    assert scene.world.tools.media.get(key) == LAMP
    erases(minh)
    assert files_in(tmp_path) == []


def test_a_photo_that_arrives_after_the_erasure_is_not_kept(scene, lan, monkeypatch, tmp_path):
    """The download was under way when the person asked to be forgotten."""
    lan.agrees()
    world, fetch = scene.world, scene.world.plain.fetch

    def slowly(handle, limit):
        monkeypatch.undo()
        for words in ("/xoa", "Xóa dữ liệu"):
            world.line(lan.chat, lan.user, text=words, settle=False)
            world.drain.batch(lease=False)
        return fetch(handle, limit)

    monkeypatch.setattr(world.plain, "fetch", slowly)
    lan.sends_photo(AFTER).hears("Đã xóa dữ liệu")
    attachment = table_of(Attachment)
    assert [tuple(row) for row in every(scene, attachment.c.status, attachment.c.original)] == [("erased", None)]
    assert files_in(tmp_path) == []


def test_the_card_in_the_group_no_longer_repeats_the_words(scene, lan, duc, code):
    duc.listens()
    erases(lan)
    duc.hears(code).does_not_hear(WORDS, "Cột số mười bốn", "12 Nguyễn Huệ")


def test_what_waits_to_be_sent_is_not_sent_after_the_erasure(scene, lan, duc, code):
    duc.listens()
    with scene.world.store.write() as uow:
        chat = uow.chats.find("plain", duc.chat)
        uow.chats.change(chat.id, paused_until=scene.world.clock.now().replace(year=2027))
    lan.says("Cột số mười bốn, bên phải").picks(code)
    erases(lan)
    with scene.world.store.write() as uow:
        uow.chats.change(chat.id, paused_until=None)
    scene.world.settle()
    duc.does_not_hear("bên phải")


def test_who_was_erased_may_come_back_as_somebody_new(scene, lan, duc, code):
    erases(lan)
    lan.says("/start").picks("Gửi phản ánh mới").hears("có đồng ý không").picks("Đồng ý")
    lan.says("/dulieu").hears("Phản ánh: 0").does_not_hear(WORDS)


def test_a_draft_is_erased_too(scene, lan):
    lan.agrees().sends_photo(LAMP, WORDS)
    erases(lan).hears("Đã xóa dữ liệu")
    assert WORDS not in everything_stored(scene, (Inbox, Outbox))
    with scene.world.store.read() as uow:
        chat = uow.chats.find("plain", lan.chat)
        assert uow.dialogs.of_chats([chat.id]) == {}
    scene.forward(days=1)
    lan.hears_nothing()


def test_erasing_is_asked_about_first_and_may_be_left(scene, lan, code):
    lan.says("/xoa").picks("Giữ dữ liệu")
    lan.says("/dulieu").hears(WORDS)
