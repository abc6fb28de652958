"""`staff`: who may act for whom."""

from __future__ import annotations

from typing import Any

import click

from bot.cli.office import office
from bot.cli.out import json_option, say, show
from handlers import administration, staffing

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
