"""`staff`: who may act for whom."""

from __future__ import annotations

from datetime import date
from typing import Any

import click

from bot.cli.office import office
from bot.cli.out import dump, json_option, say, show
from bot.cli.typed import Day
from handlers import absence, administration, delegating, staffing
from handlers.administration import ACTOR

COLUMNS = {
    "id": "Số/No.",
    "name": "Tên/Name",
    "agency": "Cơ quan/Agency",
    "role": "Vai trò/Role",
    "status": "Tình trạng/Status",
    "seen_at": "Gặp lần đầu/First seen",
    "confirmed_at": "Xác nhận/Confirmed",
    "confirmed_by": "Bởi/By",
}


SPANS = {
    "id": "Số/No.",
    "what": "Việc/What",
    "agency": "Cơ quan/Agency",
    "head": "Người đứng đầu/Head",
    "head_name": "Tên/Name",
    "to": "Cho/To",
    "to_name": "Tên/Name",
    "starts_at": "Từ/From",
    "ends_at": "Đến hết/Until",
}


@click.group()
def staff() -> None:
    """Cán bộ trong các nhóm chat. / Officers in the groups."""


@staff.command("list")
@click.option("--agency", help="Mã cơ quan, hoặc operators. / Code of an agency, or operators.")
@json_option
def list_staff(agency: str | None, as_json: bool) -> None:
    """Danh sách cán bộ. / Everybody on record."""
    _show(agency, None, as_json)


@staff.command()
@click.option("--agency", help="Mã cơ quan, hoặc operators. / Code of an agency, or operators.")
@json_option
def pending(agency: str | None, as_json: bool) -> None:
    """Ai đang chờ xác nhận. / Who waits to be confirmed."""
    _show(agency, "pending", as_json)


@staff.command()
@click.argument("number", type=int)
def confirm(number: int) -> None:
    """Cho phép cán bộ số NUMBER xử lý. / Let NUMBER act."""
    with office() as desk, desk.writing() as uow:
        row = staffing.confirm(uow, number, desk.now())
    say(f"Đã xác nhận {_name(row)}.", f"Confirmed {_name(row)}.")


@staff.command()
@click.argument("number", type=int)
def remove(number: int) -> None:
    """Thôi quyền của cán bộ số NUMBER. / NUMBER may act no more."""
    with office() as desk, desk.writing() as uow:
        row = staffing.remove(uow, number, desk.now())
    say(f"Đã thôi quyền {_name(row)}.", f"Removed {_name(row)}.")


@staff.command()
@click.argument("number", type=int)
@click.option("--off", is_flag=True, help="Thôi là người đứng đầu. / No longer the head.")
def head(number: int, off: bool) -> None:
    """Đặt cán bộ số NUMBER làm người đứng đầu cơ quan. / Name NUMBER head of the agency."""
    with office() as desk, desk.writing() as uow:
        row = staffing.set_head(uow, number, desk.now(), head=not off)
    say(f"{_name(row)}: {row['role']}.", f"{_name(row)}: {row['role']}.")


@staff.command()
@click.argument("number", type=int)
@click.option("--off", is_flag=True, help="Thôi làm đầu mối. / No longer a focal officer.")
def focal(number: int, off: bool) -> None:
    """Đặt cán bộ số NUMBER làm đầu mối của cơ quan. / Name NUMBER a focal officer of the agency."""
    with office() as desk, desk.writing() as uow:
        row = delegating.set_focal(uow, number, desk.now(), ACTOR, focal=not off)
    say(f"{_name(row)}: {row['role']}.", f"{_name(row)}: {row['role']}.")


@staff.command()
@click.argument("number", type=int)
@click.option("--to", "to", type=int, required=True, help="Số cán bộ được ủy quyền. / Officer number of the delegate.")
@click.option("--from", "first", type=Day(), required=True, help="Từ ngày. / From this day on.")
@click.option("--until", "last", type=Day(), required=True, help="Đến hết ngày. / Up to the end of this day.")
def delegate(number: int, to: int, first: date, last: date) -> None:
    """Người đứng đầu số NUMBER ủy quyền trong những ngày này. / The head NUMBER delegates for these days."""
    with office() as desk, desk.writing() as uow:
        when = delegating.days(first, last, desk.settings.province.zone, desk.now())
        made = delegating.delegate(uow, number, to, when, desk.now(), ACTOR)
    say(f"Đã ghi ủy quyền số {made}.", f"Delegation {made} is kept.")


@staff.command()
@json_option
def delegates(as_json: bool) -> None:
    """Ủy quyền và ngày vắng còn hiệu lực hoặc sắp tới. / Delegations and days away, now and to come."""
    with office() as desk, desk.store.read() as uow:
        rows = delegating.spans(uow, desk.now())
        zone = desk.settings.province.zone
    shown = [row | {"agency": row["agency"] or "operators"} for row in rows]
    show(shown, SPANS, as_json=as_json, zone=zone)


@staff.command("end-delegation")
@click.argument("number", type=int)
def end_delegation(number: int) -> None:
    """Chấm dứt ngay ủy quyền số NUMBER. / End the delegation NUMBER now."""
    with office() as desk, desk.writing() as uow:
        delegating.end_delegation(uow, number, desk.now(), ACTOR)
    say(f"Ủy quyền số {number} đã chấm dứt.", f"Delegation {number} has ended.")


@staff.command()
@click.argument("number", type=int)
@click.option("--from", "first", type=Day(), required=True, help="Từ ngày. / From this day on.")
@click.option("--until", "last", type=Day(), required=True, help="Đến hết ngày. / Up to the end of this day.")
def leave(number: int, first: date, last: date) -> None:
    """Người đứng đầu số NUMBER vắng trong những ngày này. / The head NUMBER is away on these days."""
    with office() as desk, desk.writing() as uow:
        when = delegating.days(first, last, desk.settings.province.zone, desk.now())
        delegating.leave(uow, number, when, desk.now(), ACTOR)
        row = staffing.staff(uow, number)
        alone = absence.without_delegate(uow, row["agency_id"], when)
    say(f"Đã ghi {_name(row)} vắng.", f"{_name(row)} is kept as away.")
    if alone:
        say("Chưa có ai được ủy quyền trong những ngày này.", "Nobody is delegated on these days.")


@staff.command()
@click.argument("number", type=int)
def back(number: int) -> None:
    """Người đứng đầu số NUMBER đã trở lại. / The head NUMBER is back."""
    with office() as desk, desk.writing() as uow:
        delegating.come_back(uow, number, desk.now(), ACTOR)
        row = staffing.staff(uow, number)
    say(f"{_name(row)} đã trở lại.", f"{_name(row)} is back.")


@staff.command()
@click.argument("number", type=int)
@json_option
def pin(number: int, as_json: bool) -> None:
    """Cấp mã PIN mới để cán bộ số NUMBER mở trang phản ánh. / A new PIN with which NUMBER opens pages of cases."""
    with office() as desk, desk.writing() as uow:
        row, made = staffing.give_pin(uow, number, desk.now())
    if as_json:
        dump({"id": number, "name": row["name"], "pin": made})
        return
    say(f"{_name(row)}, số cán bộ {number}, mã PIN {made}", f"{_name(row)}, officer number {number}, PIN {made}")
    say("Mã chỉ hiện lần này; hãy đưa riêng cho cán bộ.", "It is shown this once; give it to the officer alone.")


@staff.command("drop-pin")
@click.argument("number", type=int)
def drop_pin(number: int) -> None:
    """Bỏ mã PIN của cán bộ số NUMBER và đóng các trang đang mở. / Drop NUMBER's PIN and close their pages."""
    with office() as desk, desk.writing() as uow:
        row, there_was = staffing.take_pin(uow, number, desk.now())
    if there_was:
        say(f"Đã bỏ mã PIN của {_name(row)}.", f"Dropped the PIN of {_name(row)}.")
    else:
        say(f"{_name(row)} không có mã PIN.", f"{_name(row)} had no PIN.")


def _show(agency: str | None, status: str | None, as_json: bool) -> None:
    with office() as desk, desk.store.read() as uow:
        if agency is None:
            rows = uow.people.staff(everyone=True)
        else:
            rows = uow.people.staff(None if agency == "operators" else administration.agency(uow, agency).id)
        zone = desk.settings.province.zone
    chosen = [row | {"agency": row["agency"] or "operators"} for row in rows if status in (None, row["status"])]
    show(chosen, COLUMNS, as_json=as_json, zone=zone)


def _name(row: dict[str, Any]) -> str:
    return row["name"] or f"#{row['person_id']}"
