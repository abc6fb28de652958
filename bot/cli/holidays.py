"""`holidays`: days off and days worked by decree that the program does not know, with where they were read."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime

import click

from bot.cli.office import Office, office
from bot.cli.out import done, dry_run_option, json_option, show
from bot.cli.typed import FIRST_YEAR, LAST_YEAR, Day
from handlers import days_off

COLUMNS = {
    "day": "Ngày/Day",
    "works": "Làm việc/Worked",
    "vi": "Tên/Name",
    "en": "English",
    "source": "Nguồn/Source",
    "seen": "Đọc ngày/Seen",
    "entered": "Tự nhập/Entered here",
}


name_option = click.option("--name", required=True, help="Tên gọi, người dân đọc được. / What people are told it is.")
source_option = click.option("--source", required=True, help="Đọc ở đâu: số văn bản. / Where it was read.")
seen_option = click.option("--seen", type=Day(), help="Đọc ngày nào; mặc định hôm nay. / Read on; today by default.")


def decree_options(command: Callable[..., None]) -> Callable[..., None]:
    """What every command asks that enters what a decree says of a day."""
    for option in (json_option, dry_run_option, seen_option, source_option, name_option):
        command = option(command)
    return command


@click.group()
def holidays() -> None:
    """Ngày nghỉ và ngày làm bù theo thông báo. / Days off and days worked by decree."""


@holidays.command("list")
@click.option(
    "--year", type=click.IntRange(FIRST_YEAR, LAST_YEAR), help="Năm; mặc định năm nay. / Year; this one by default."
)
@json_option
def list_days(year: int | None, as_json: bool) -> None:
    """Những ngày không theo lịch tuần. / Days that are not as their weekday says."""
    with office() as desk, desk.store.read() as uow:
        rows = days_off.listing(uow, year or _today(desk).year)
    show(rows, COLUMNS, as_json=as_json)


@holidays.command()
@click.argument("day", type=Day())
@decree_options
def add(day: date, name: str, source: str, seen: date | None, dry_run: bool, as_json: bool) -> None:
    """Thêm ngày nghỉ DAY. / DAY is off as well."""
    with office() as desk, desk.writing(dry_run=dry_run) as uow:
        days_off.add(uow, day, name, source, seen or _today(desk), desk.now())
    done({"off": day}, f"{day}: nghỉ.", f"{day}: off.", as_json=as_json, dry_run=dry_run)


@holidays.command()
@click.argument("day", type=Day())
@decree_options
def remove(day: date, name: str, source: str, seen: date | None, dry_run: bool, as_json: bool) -> None:
    """Bỏ ngày nghỉ DAY: ngày đó làm việc. / DAY is off no more: it is worked."""
    with office() as desk, desk.writing(dry_run=dry_run) as uow:
        days_off.remove(uow, day, name, source, seen or _today(desk), desk.now())
    done({"worked": day}, f"{day}: làm việc.", f"{day}: worked.", as_json=as_json, dry_run=dry_run)


@holidays.command()
@click.argument("off", type=Day())
@click.argument("worked", type=Day())
@decree_options
def swap(off: date, worked: date, name: str, source: str, seen: date | None, dry_run: bool, as_json: bool) -> None:
    """Nghỉ ngày OFF, làm bù ngày WORKED. / OFF is off, WORKED is worked for it."""
    with office() as desk, desk.writing(dry_run=dry_run) as uow:
        days_off.swap(uow, off, worked, name, source, seen or _today(desk), desk.now())
    done(
        {"off": off, "worked": worked},
        f"{off}: nghỉ; {worked}: làm bù.",
        f"{off}: off; {worked}: worked for it.",
        as_json=as_json,
        dry_run=dry_run,
    )


@holidays.command()
@click.argument("day", type=Day())
@dry_run_option
@json_option
def withdraw(day: date, dry_run: bool, as_json: bool) -> None:
    """Rút lại điều đã nhập cho DAY. / Take back what was entered for DAY."""
    with office() as desk, desk.writing(dry_run=dry_run) as uow:
        days_off.withdraw(uow, day, desk.now())
    done({"day": day}, f"{day}: đã rút lại.", f"{day}: taken back.", as_json=as_json, dry_run=dry_run)


@holidays.command()
@click.argument("year", type=click.IntRange(FIRST_YEAR, LAST_YEAR))
@source_option
@seen_option
@json_option
def confirm(year: int, source: str, seen: date | None, as_json: bool) -> None:
    """Đã đối chiếu năm YEAR với thông báo. / YEAR was compared with the government's notice."""
    with office() as desk, desk.writing() as uow:
        days_off.confirm(uow, year, source, seen or _today(desk), desk.now())
    done({"year": year}, f"{year}: đã đối chiếu.", f"{year}: confirmed.", as_json=as_json)


def _today(desk: Office) -> date:
    now: datetime = desk.now()
    return now.astimezone(desk.settings.province.zone).date()
