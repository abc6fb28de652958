"""`cases`: where each case is, who holds it, why it is due then, who was told what; and moving one by command."""

from __future__ import annotations

import csv
import json
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any, TextIO

import click

from bot.cli.codes import case_code
from bot.cli.contact import contact, contact_log
from bot.cli.intake import callbacks, called, file, slip
from bot.cli.office import Office, office
from bot.cli.out import Trouble, bar, done, dry_run_option, dump, facts, json_option, say, show
from bot.cli.typed import Day, Words
from handlers import administration, inspecting, web_access
from workflows.actions import Action
from workflows.case.model import CANCEL_REASONS, OUTCOMES, State
from workflows.case.reasons import SANCTION
from workflows.desk import sanctions
from workflows.intake.sources import CHANNELS, number_key

LIST = {
    "code": "Mã/Code",
    "state": "Trạng thái/State",
    "category": "Lĩnh vực/Category",
    "area": "Địa bàn/Area",
    "agency": "Cơ quan/Agency",
    "urgent": "Khẩn/Urgent",
    "opened_at": "Gửi lúc/Opened",
    "due_at": "Hạn/Due",
}
FACTS = LIST | {
    "where": "Ở đâu/Where",
    "sensitive": "Nhạy cảm/Sensitive",
    "holder": "Người giữ/Holder",
    "cycle": "Vòng/Cycle",
    "overdue": "Quá hạn mấy lần thời hạn/Overdue, in terms",
    "outcome": "Kết quả/Outcome",
    "promised_until": "Ngày hẹn/Promised until",
    "promise_kept_at": "Làm đúng như hẹn lúc/Promise kept",
    "channel": "Nguồn/Source",
    "rating": "Đánh giá/Rating",
    "closed_at": "Đóng lúc/Closed",
}
EVENTS = {
    "seq": "#",
    "at": "Lúc/At",
    "action": "Việc/Action",
    "move": "Bước/Move",
    "before": "Từ/From",
    "after": "Đến/To",
    "role": "Vai/Role",
    "by": "Ai/Who",
    "agency": "Cơ quan/Agency",
}
TOLD = {
    "to": "Cho ai/To",
    "purpose": "Việc/Purpose",
    "status": "Tình trạng/Status",
    "created_at": "Lúc/Made",
    "sent_at": "Đã gửi/Sent",
    "tries": "Lần/Tries",
    "text": "Nội dung/Words",
}
CLOCKS = {
    "clock": "Đồng hồ/Clock",
    "cycle": "Vòng/Cycle",
    "started": "Từ/From",
    "stopped": "Dừng/Stopped",
    "due": "Hạn/Due",
    "late": "Trễ/Late",
    "net_due": "Hạn ròng/Net due",
    "net_late": "Trễ ròng/Net late",
}
HELD = {
    "agency": "Cơ quan/Agency",
    "by": "Ai/Who",
    "charged": "Tính cho/Charged to",
    "since": "Từ/From",
    "until": "Đến/Until",
    "working_hours": "Giờ làm việc/Working hours",
}
AT_ONCE = 500
# Not by this command: opening has its own, joining follows merging, and a correction has its own.
NOT_HERE = {Action.OPEN, Action.JOIN, Action.PART, Action.LEAVE, Action.CORRECT}
MOVES = [action.value for action in Action if action not in NOT_HERE]


@click.group()
def cases() -> None:
    """Phản ánh: tìm, xem, chuyển, xuất, kiểm. / Cases: find, show, move, export, verify."""


@cases.command("list")
@click.option("--state", type=click.Choice([state.value for state in State]), help="Trạng thái. / State.")
@click.option("--agency", help="Mã cơ quan. / Code of the agency that holds it.")
@click.option("--since", type=Day(), help="Gửi từ ngày. / Opened from this day on.")
@click.option("--until", type=Day(), help="Gửi trước ngày. / Opened before this day.")
@click.option("--open", "open_only", is_flag=True, help="Chỉ việc chưa xong. / Only what is not finished.")
@click.option("--channel", type=click.Choice(CHANNELS), help="Ghi hộ từ nguồn nào. / Taken down from which source.")
@click.option("--number", help="Số hồ sơ ở nguồn đó. / The number it has there.")
@click.option("--limit", type=click.IntRange(1), default=100, help="Nhiều nhất. / At most so many.")
@json_option
def list_cases(limit: int, as_json: bool, **chosen: Any) -> None:
    """Danh sách phản ánh. / Cases that fit."""
    with office() as desk, desk.store.read() as uow:
        pages = inspecting.listing(uow, AT_ONCE, limit, **_filters(desk, uow, **chosen))
        rows = [line for page in pages for line in inspecting.summary(uow, page)]
        zone = desk.settings.province.zone
    show(rows, LIST, as_json=as_json, zone=zone)


@cases.command("show")
@click.argument("code")
@click.option("--reason", default="", help="Vì sao xem phản ánh về cán bộ. / Why, for a case about officials.")
@json_option
def show_case(code: str, reason: str, as_json: bool) -> None:
    """Toàn bộ lịch sử phản ánh CODE. / The full history of CODE."""
    from bot.wiring import laws_of
    from bot.words import catalogue

    with office() as desk, desk.writing() if reason else desk.store.read() as uow:  # who looks, and why, is kept
        zone = desk.settings.province.zone
        code, laws = case_code(code, desk.settings), laws_of(desk.settings)
        found = inspecting.history(uow, code, laws, desk.now(), reason)
        why = inspecting.why_in_words(uow, code, laws, desk.now(), catalogue.load(desk.settings.words, zone))
    if as_json:
        dump(found)
        return
    facts(found | {"where": _where(found["place"])}, FACTS, as_json=False, zone=zone)
    _section("Vì sao hạn là ngày đó", "Why it is due then")
    for line in why:
        click.echo(f"  {line}")
    _section("Các đồng hồ", "Clocks")
    show(found["clocks"], CLOCKS, as_json=False, zone=zone)
    _section("Trong tay ai, bao lâu", "In whose hands, how long")
    show(found["held"], HELD, as_json=False, zone=zone)
    _section("Lịch sử", "History")
    show(found["events"], EVENTS, as_json=False, zone=zone)
    _section("Đã báo cho ai, khi nào", "Who was told what and when")
    told = [line | {"tries": len(line["attempts"])} for line in found["told"]]
    show(told, TOLD, as_json=False, zone=zone)


def _where(place: Mapping[str, Any]) -> list[str]:
    """The area by its name of that day, what it has become, the address, and the point."""
    point = f"{place['lat']:.5f}, {place['lon']:.5f}" if place["lat"] is not None else ""
    now = f"(nay/now: {', '.join(place['area_now'])})" if place["area_now"] else ""
    return [part for part in (" ".join(filter(None, (place["area"], now))), place["address"], point) if part]


@cases.command()
@click.argument("code")
@click.argument("action", type=click.Choice(MOVES))
@click.option("--agency", help="Mã cơ quan nhận. / Code of the agency it goes to.")
@click.option("--reason", default="", help=f"Lý do. / Reason; for cancel: {', '.join(CANCEL_REASONS)}.")
@click.option("--text", default="", help="Lời gửi người liên quan. / Words for those concerned.")
@click.option("--outcome", type=click.Choice(OUTCOMES), default=None, help="Kết quả. / Outcome of a result.")
@click.option("--category", default="", help="Lĩnh vực đúng. / The right category.")
@click.option("--area", default="", help="Địa bàn đúng. / The right area.")
@click.option("--until", type=Day(), help="Hạn mới khi xin gia hạn. / New date of an extension.")
@click.option("--document", default="", help="Số văn bản báo cáo, số quyết định. / Number of the report or decision.")
@click.option("--answers-question", is_flag=True, help="Kết quả trả lời đúng câu hỏi (để duyệt). / To accept it.")
@click.option("--fine", default="", help="Mức phạt: 1.500.000, 1,5 triệu, cảnh cáo. / Amount of a sanction.")
@click.option("--body", default="", help="Cơ quan ngoài hệ thống. / The body outside, for refer_out.")
@click.option("--into", default="", help="Mã phản ánh để gộp vào. / Code of the case to merge into.")
@dry_run_option
@json_option
def move(
    code: str,
    action: str,
    agency: str | None,
    reason: str,
    text: str,
    outcome: str | None,
    category: str,
    area: str,
    until: date | None,
    document: str,
    fine: str,
    answers_question: bool,
    body: str,
    into: str,
    dry_run: bool,
    as_json: bool,
) -> None:
    """Chuyển phản ánh CODE bằng ACTION, với quyền quản trị. / Move CODE by ACTION, as an administrator."""
    from bot.wiring import build  # loads the platforms: what people are told is made here
    from handlers.case_command import Wanted, move_by_code

    with office() as desk:
        known = case_code(code, desk.settings)
        with desk.store.read() as uow:
            agency_id = administration.agency(uow, agency).id if agency else None
        world = build(desk.settings)
        try:
            wanted = Wanted(
                Action(action),
                text,
                reason,
                agency_id,
                category,
                area,
                outcome or "",
                fine=_fine(fine),
                ticked=answers_question,
                until=until,
                reference=_decision(document) if outcome == SANCTION else document or body,
                other=case_code(into, desk.settings) if into else "",
            )
            moved = move_by_code(world.tools, known, wanted, dry_run=dry_run)
            if moved.refusal is not None:
                raise Trouble(*refused(world.words, moved.refusal))
        finally:
            world.close()
    moves = ", ".join(moved.moves)
    done({"code": known, "moves": list(moved.moves)}, f"{known}: {moves}.", f"{known}: {moves}.", as_json=as_json,
         dry_run=dry_run)  # fmt: skip


@cases.command()
@click.argument("code")
@click.option("--days", type=click.IntRange(1, 30), default=7, show_default=True, help="Dùng được mấy ngày. / Days.")
@json_option
def link(code: str, days: int, as_json: bool) -> None:
    """In liên kết để đơn vị mở trang của phản ánh CODE. / Print the link to CODE's page for who holds it."""
    from bot.wiring import pages_of

    with office() as desk:
        known = case_code(code, desk.settings)
        pages = pages_of(desk.settings, desk.store, desk.clock)
        if pages is None:
            raise Trouble("chưa có địa chỉ công khai; hãy đặt BOT_WEB__PUBLIC_URL",
                          "there is no public address; set BOT_WEB__PUBLIC_URL")  # fmt: skip
        with desk.store.read() as uow:
            chat, row = web_access.group_of(uow, known)
        address = pages.case_address(chat.id, row.id, timedelta(days=days))
    if as_json:
        dump({"code": known, "link": address, "days": days})
        return
    click.echo(address)
    say(f"Có hạn {days} ngày; mở được bằng mã PIN của cán bộ.", f"Good for {days} days; opened with an officer's PIN.")


@cases.command()
@click.argument("code")
@dry_run_option
def unlink(code: str, dry_run: bool) -> None:
    """Thu hồi mọi liên kết đến trang của phản ánh CODE. / Take back every link to CODE's page."""
    with office() as desk, desk.writing(dry_run=dry_run) as uow:
        known = case_code(code, desk.settings)
        ended = web_access.revoke(uow, known, desk.now())
    done({"code": known, "ended": ended}, f"Đã thu hồi liên kết của {known}; {ended} phiên đang mở đã đóng.",
         f"Links of {known} taken back; {ended} open sessions closed.", dry_run=dry_run)  # fmt: skip


@cases.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path, allow_dash=True))
@click.option("--format", "kind", type=click.Choice(["csv", "json"]), default="csv", help="Dạng tệp. / Format.")
@click.option("--state", type=click.Choice([state.value for state in State]), help="Trạng thái. / State.")
@click.option("--agency", help="Mã cơ quan. / Code of the agency that holds it.")
@click.option("--since", type=Day(), help="Gửi từ ngày. / Opened from this day on.")
@click.option("--until", type=Day(), help="Gửi trước ngày. / Opened before this day.")
@click.option("--open", "open_only", is_flag=True, help="Chỉ việc chưa xong. / Only what is not finished.")
def export(file: Path, kind: str, **chosen: Any) -> None:
    """Xuất ra FILE (- để in ra), không danh tính, không lời kể. / Export to FILE (- prints): no names, no words."""
    with office() as desk, desk.store.read() as uow, bar("cases") as more, _opened(file) as out:
        count = 0
        writer = _Csv(out) if kind == "csv" else _JsonLines(out)
        for page in inspecting.listing(uow, AT_ONCE, None, **_filters(desk, uow, **chosen)):
            for line in inspecting.summary(uow, page):
                writer.write(line)
            count += len(page)
            more(len(page))
        writer.end()
    if str(file) != "-":
        say(f"Đã xuất {count} phản ánh.", f"{count} cases exported.")


@cases.command()
@click.argument("code")
@click.option("--before", "seq", type=int, required=True, help="Trở về trước bước số mấy. / Back to before event No.")
@click.option(
    "--reason", type=Words(), required=True, help="Lý do; người dân sẽ đọc. / Reason; the citizen will read it."
)
@click.option("--seen", type=int, help="Số mà lần xem trước đã in. / The number that the dry run printed.")
@click.option("--second", type=int, help="Số cán bộ của người thứ hai. / Officer number of the second person.")
@dry_run_option
@json_option
def correct(
    code: str, seq: int, reason: str, seen: int | None, second: int | None, dry_run: bool, as_json: bool
) -> None:
    """Đính chính CODE bằng một bước mới; không xóa gì. / Correct CODE by a further event; nothing is erased."""
    from bot.wiring import build  # loads the platforms: what people are told is made here
    from handlers.correcting import Second, correct
    from handlers.staffing import staff

    with office() as desk:
        known = case_code(code, desk.settings)
        if second is not None:
            with desk.store.read() as uow:
                staff(uow, second)  # before anybody is asked for a PIN
        asked = second is not None and not dry_run
        pin = click.prompt("PIN", hide_input=True, err=True) if asked else ""
        world = build(desk.settings)
        try:
            by = Second(second, pin) if second is not None else None
            made = correct(world.tools, known, seq, reason, seen=seen, second=by, dry_run=dry_run)
            if made.refusal is not None:
                raise Trouble(*refused(world.words, made.refusal))
        finally:
            world.close()
    changes = ", ".join(f"{name}: {value}" for name, value in made.fields.items())
    done({"code": known, "fields": made.fields, "seen": made.seen}, f"{known} (--seen {made.seen}): {changes}",
         f"{known} (--seen {made.seen}): {changes}", as_json=as_json, dry_run=dry_run)  # fmt: skip


@cases.command()
@json_option
def verify(as_json: bool) -> None:
    """Dựng lại phản ánh, đồng hồ, sổ giữ việc; lệch thì mã 1. / Rebuild cases, clocks, ledgers; 1 if any differs."""
    from bot.wiring import laws_of
    from handlers.verifying import Clocks
    from handlers.verifying import verify as verify_all

    with office() as desk, bar("cases") as more:
        result = verify_all(desk.store, more, Clocks(laws_of(desk.settings), desk.now()))
    if as_json:
        dump({"cases": result.cases, "wrong": [{"code": one.code, "differs": one.differs} for one in result.wrong]})
    else:
        say(f"{result.cases} phản ánh, {len(result.wrong)} lệch.", f"{result.cases} cases, {len(result.wrong)} differ.")
        for one in result.wrong:
            click.echo(f"{one.code}: {', '.join(one.differs)}")
    if result.wrong:
        click.get_current_context().exit(1)


def _decision(words: str) -> str:
    """The number of a sanction's decision as offices write it; without one the table refuses."""
    number = sanctions.decision_in(words)
    if words and number is None:
        raise Trouble(f"chưa rõ số quyết định {words!r}; ví dụ 12/QĐ-XPHC",
                      f"the number of the decision {words!r} is not clear; for example 12/QĐ-XPHC")  # fmt: skip
    return number or ""


def _fine(words: str) -> int | None:
    """The amount of a sanction as offices write it."""
    amount = sanctions.fine_in(words)
    if words and amount is None:
        raise Trouble(f"chưa rõ mức phạt {words!r}; ví dụ 1.500.000, 1,5 triệu, cảnh cáo",
                      f"the amount {words!r} is not clear; for example 1.500.000, 1,5 triệu, cảnh cáo")  # fmt: skip
    return amount


for _command in (contact, contact_log, file, slip, callbacks, called):
    cases.add_command(_command)


def _filters(
    desk: Office,
    uow: Any,
    state: str | None,
    agency: str | None,
    since: date | None,
    until: date | None,
    open_only: bool,
    channel: str | None = None,
    number: str | None = None,
) -> dict[str, Any]:
    return {
        "state": state,
        "agency_id": administration.agency(uow, agency).id if agency else None,
        "since": _start(desk, since) if since else None,
        "until": _start(desk, until) if until else None,
        "open_only": open_only,
        "channel": channel,
        "number": number_key(number) if number else None,
    }


def _start(desk: Office, day: date) -> datetime:
    return datetime.combine(day, time.min, desk.settings.province.zone)


def refused(words: Any, refusal: Any) -> tuple[str, str]:
    """The table's refusal in the catalogue's words."""
    from handlers.carry_out import values_of

    values = values_of(refusal)
    return words.text("vi", refusal.key, values), words.text("en", refusal.key, values)


def _section(vi: str, en: str) -> None:
    click.echo()
    click.echo(click.style(f"{vi} / {en}", bold=True))


@contextmanager
def _opened(file: Path) -> Iterator[TextIO]:
    if str(file) == "-":
        yield sys.stdout
        return
    with file.open("w", encoding="utf-8", newline="") as out:
        yield out


class _Csv:
    """A table that spreadsheets open as it is."""

    def __init__(self, out: TextIO) -> None:
        self._out = out
        self._writer: csv.DictWriter[str] | None = None

    def write(self, line: dict[str, Any]) -> None:
        if self._writer is None:
            self._writer = csv.DictWriter(self._out, list(line))
            self._writer.writeheader()
        self._writer.writerow({key: _cell(value) for key, value in line.items()})

    def end(self) -> None:
        """Nothing is left to be written."""


class _JsonLines:
    """A JSON list, written as it comes."""

    def __init__(self, out: TextIO) -> None:
        self._out = out
        self._before = "["

    def write(self, line: dict[str, Any]) -> None:
        plain = {key: _cell(value) for key, value in line.items()}
        self._out.write(f"{self._before}\n{json.dumps(plain, ensure_ascii=False)}")
        self._before = ","

    def end(self) -> None:
        """Close the list."""
        self._out.write("[]\n" if self._before == "[" else "\n]\n")


def _cell(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, str) and value[:1] in "=+-@":
        return f"'{value}"  # a spreadsheet would take it for a formula
    return value
