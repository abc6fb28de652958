"""A report filed by command for a caller, a walk-in or a letter: everything is checked before anything is kept."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from handlers.administration import ACTOR, Refused, unknown
from handlers.callbacks import MOST, done
from handlers.carry_out import carry_out, show_cards
from handlers.cases import ADMINISTRATOR
from handlers.intake import new_secret, slip_of, take
from handlers.ports import Words
from handlers.tools import Tools
from handlers.turn import Batch, Turn
from storage.callbacks import CallbackStore
from storage.cases import CaseRow
from storage.sources import SourceStore
from storage.unit_of_work import UnitOfWork
from workflows.about_officials import suspected
from workflows.case.model import Refusal
from workflows.conversation import links
from workflows.conversation.categories import CategoryTree
from workflows.conversation.steps.contact import LONGEST_NAME, phone_in
from workflows.effects import Effect
from workflows.frozen import frozen
from workflows.intake.checks import MAX_ADDRESS, MAX_WORDS, tells, wrong_place
from workflows.intake.sources import LONGEST_NUMBER, is_number
from workflows.messages import Message
from workflows.report import Report


@frozen
class Filing:
    """What was given on the command line. ``category`` and ``area`` are codes; ``place`` an address or a map link."""

    text: str
    place: str
    category: str
    channel: str
    area: str = ""
    number: str = ""
    phone: str = ""
    name: str = ""
    officials: str = ""  # "yes", "no"; "" not said


@frozen
class Filed:
    """The new case and what to read out, or the table's refusal."""

    code: str = ""
    slip: Message | None = None
    refusal: Refusal | None = None


def file(tools: Tools, wanted: Filing, *, dry_run: bool) -> Filed:
    """File a report in a transaction of its own. Raises Refused for whatever cannot be right."""
    now = tools.clock.now()
    with tools.store.write() as uow:
        report = _checked(tools, uow, wanted)
        taken = take(tools, uow, report, wanted.channel, wanted.number.strip(), ADMINISTRATOR, now)
        if taken.filed is not None:
            raise _number_taken(uow, taken.filed, wanted)
        outcome = taken.outcome
        if outcome.refusal is not None:
            uow.connection.rollback()
            return Filed(refusal=outcome.refusal)
        row = uow.cases.get(outcome.case_id)
        if row is None:
            raise RuntimeError("a case was neither made nor found")
        _tell(tools, uow, row, outcome.effects, now)
        uow.registers.record(ACTOR, "case.filed", outcome.code, now, channel=wanted.channel)
        slip = slip_of(tools, uow, row.id, now)
        uow.flush(now)
        if dry_run:
            uow.connection.rollback()
    if not dry_run:
        tools.bell.ring()
    return Filed(outcome.code, slip)


def _tell(tools: Tools, uow: UnitOfWork, row: CaseRow, effects: tuple[Effect, ...], now: datetime) -> None:
    """Cards to whom it concerns, from nobody's chat."""
    home = uow.chats.get([row.home_chat_id])[row.home_chat_id]
    turn = Turn(tools, uow, Batch(), now, home)
    turn.touched.add(row.id)
    carry_out(turn, effects, ADMINISTRATOR)
    show_cards(turn)


def _checked(tools: Tools, uow: UnitOfWork, wanted: Filing) -> Report:
    text = wanted.text.strip()
    if not tells(text) or len(text) > MAX_WORDS:
        raise Refused(f"--text cần ít nhất hai từ, tối đa {MAX_WORDS} ký tự",
                      f"--text wants two words at least and {MAX_WORDS} characters at most")  # fmt: skip
    if wanted.number and not is_number(wanted.number.strip()):
        raise Refused(
            f"--number cần có chữ số, tối đa {LONGEST_NUMBER} ký tự, và không phải số điện thoại",
            f"--number wants a digit and at most {LONGEST_NUMBER} characters; a phone number is --phone",
        )
    phone = phone_in(wanted.phone) if wanted.phone else ""
    if phone is None:
        raise Refused("--phone không phải số điện thoại; ví dụ 0912345678",
                      "--phone is no phone number; for example 0912345678")  # fmt: skip
    name = " ".join(wanted.name.split())
    if len(name) > LONGEST_NAME or any(letter.isdigit() for letter in name):
        raise Refused("--name là họ tên, không có chữ số", "--name is a name, without digits")
    category = _category(tools.knowledge.categories(uow), wanted.category)
    if not wanted.officials and suspected(text, tools.knowledge.lookout.officials):
        raise Refused(
            "nội dung có thể nói về việc làm của cán bộ; hãy thêm --officials yes hoặc --officials no",
            "the words may be about what officials do; add --officials yes or --officials no",
        )
    report = Report(text=text, category=category, phone=phone, contact_name=name, officials=wanted.officials)
    return _placed(tools, uow, wanted, report)


def _category(tree: CategoryTree, said: str) -> str:
    leaf = tree.leaf(said)
    if leaf is not None:
        return leaf.code
    leaves = [node.code for node in tree.nodes if tree.leaf(node.code)]
    meant = [found.code for found in tree.search(said)[:3]]
    raise unknown("lĩnh vực", "category", said, leaves, "categories list", meant)


def _placed(tools: Tools, uow: UnitOfWork, wanted: Filing, report: Report) -> Report:
    """The report with its place. Raises Refused for what is no place, or lies outside."""
    place = " ".join(wanted.place.split())
    match wrong_place(place):
        case "short_link":
            raise Refused("--place: liên kết rút gọn không có vị trí; hãy ghi địa chỉ hoặc tọa độ",
                          "--place: a short link holds no position; give an address or coordinates")  # fmt: skip
        case "too_long":
            raise Refused(f"--place: địa chỉ tối đa {MAX_ADDRESS} ký tự",
                          f"--place: an address has {MAX_ADDRESS} characters at most")  # fmt: skip
        case "no_place":
            raise Refused(
                f"--place {place!r} không phải địa chỉ; hãy ghi số nhà, tên đường, xã hoặc phường, hoặc ghi tọa độ",
                f"--place {place!r} is no address; give house number, street and ward, or coordinates",
            )
    position = links.place_in(place)
    if position is None:
        named = tools.knowledge.named_areas(uow, place)
        area = _area(tools, uow, wanted.area) or (named[0].code if len(named) == 1 else "")
        return replace(report, address=place, area=area)
    located = tools.knowledge.locate(uow, position.lat, position.lon)
    if located.kind in ("outside", "nowhere"):
        served = f" ({located.served_by.vi})" if located.served_by else ""
        raise Refused(f"--place nằm ngoài địa bàn{served}", f"--place lies outside the province{served}")
    area = _area(tools, uow, wanted.area) or (located.areas[0].code if located.kind == "inside" else "")
    return replace(report, lat=position.lat, lon=position.lon, address=position.address, area=area)


def _area(tools: Tools, uow: UnitOfWork, code: str) -> str:
    """An area of ours by its code. Raises Refused with near ones for another."""
    if not code:
        return ""
    known = [area.code for area in tools.knowledge.search_areas(uow, "")]
    if code not in known:
        raise unknown("địa bàn", "area", code, known, "areas list, areas find")
    return code


def _number_taken(uow: UnitOfWork, case_id: int, wanted: Filing) -> Refused:
    row = uow.cases.get(case_id)
    code = row.case.code if row else "?"
    return Refused(f"số {wanted.number} của nguồn {wanted.channel} đã là phản ánh {code}",
                   f"number {wanted.number} of {wanted.channel} is case {code} already")  # fmt: skip


# --- slips and call-backs ------------------------------------------------------------------------------------------


def slip(tools: Tools, uow: UnitOfWork, row: CaseRow, now: datetime, *, secret: bool) -> Message:
    """The slip of a case; with ``secret``, by which its bearer can follow it. Raises Refused where they can already."""
    if not secret:
        return slip_of(tools, uow, row.id, now)
    if SourceStore(uow).of_case(row.id) is None:
        raise Refused(f"{row.case.code} được gửi từ tin nhắn; người gửi đã theo dõi ở đó",
                      f"{row.case.code} came from a chat; its reporter follows it there")  # fmt: skip
    made = new_secret(uow, row.id, now)
    uow.registers.record(ACTOR, "slip.secret", row.case.code, now)
    return slip_of(tools, uow, row.id, now, secret=made)


def called(uow: UnitOfWork, words: Words, row: CaseRow, now: datetime, *, told: bool) -> int:
    """An administrator or operator at a shell has called the reporter. Raises Refused when there is nothing to tell."""
    waiting = CallbackStore(uow).waiting(MOST, row.id)
    if not waiting:
        raise Refused(f"{row.case.code} không có gì cần báo", f"there is nothing to tell about {row.case.code}")
    return done(uow, words, waiting, ACTOR, now, told=told)
