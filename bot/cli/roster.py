"""`roster`: who is on duty in which unit when, imported from a file or entered one by one."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from pathlib import Path

import click

from bot.cli.office import Office, office
from bot.cli.out import done, dry_run_option, json_option, show
from bot.cli.typed import Day
from handlers import rostering
from storage.roster import RosterStore

COLUMNS = {
    "id": "Ca/Shift",
    "agency": "Đơn vị/Unit",
    "starts_at": "Từ/From",
    "ends_at": "Đến/Until",
    "person": "Người trực/Person",
    "stand_in": "Người thay/Stand-in",
    "on_duty": "Đang giữ/Has it",
    "state": "Tình trạng/State",
    "note": "Bàn giao/Note",
}
GAPS = {
    "agency": "Đơn vị/Unit",
    "starts_at": "Từ/From",
    "ends_at": "Đến/Until",
    "hours": "Giờ/Hours",
    "kind": "Loại/Kind",
}
agency_option = click.option("--agency", help="Mã đơn vị, hoặc operators. / Code of a unit, or operators.")


@click.group()
def roster() -> None:
    """Lịch trực của các đơn vị và Tổ vận hành. / Who is on duty when."""


@roster.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@dry_run_option
@json_option
def import_file(file: Path, dry_run: bool, as_json: bool) -> None:
    """Nhập ca trực từ CSV hoặc YAML; sai một dòng thì không nhập gì. / Import shifts, all or nothing.

    Cột / columns: agency,start,end,person,stand_in.
    """
    with office() as desk, desk.writing(dry_run=dry_run) as uow:
        kept = rostering.import_roster(uow, file, desk.settings.province.zone, desk.now())
    result = {"added": kept.added, "changed": kept.changed}
    vi = f"Ca mới: {kept.added}, ca đổi người: {kept.changed}."
    done(result, vi, f"New shifts: {kept.added}, changed: {kept.changed}.", as_json=as_json, dry_run=dry_run)


@roster.command("show")
@agency_option
@click.option("--from", "since", type=Day(), help="Từ ngày; mặc định hôm nay. / From this day on; today.")
@click.option("--days", type=click.IntRange(1, 366), default=14, show_default=True, help="Mấy ngày. / Days.")
@json_option
def show_shifts(agency: str | None, since: date | None, days: int, as_json: bool) -> None:
    """Các ca trực. / The shifts of these days."""
    with office() as desk, desk.store.read() as uow:
        begins = _day(desk, since)
        shifts = RosterStore(uow).all_between(begins, begins + timedelta(days=days))
        rows = rostering.listed(uow, shifts, desk.now())
        if agency is not None:
            rostering.known_unit(uow, agency)
            rows = [row for row in rows if row["agency"] == agency]
        zone = desk.settings.province.zone
    show(rows, COLUMNS, as_json=as_json, zone=zone)


@roster.command()
@click.argument("agency")
@click.argument("start")
@click.argument("end")
@click.option("--person", default="", help="Số cán bộ hoặc tên. / Officer number or name.")
@click.option("--stand-in", default="", help="Người thay. / Who stands in.")
@dry_run_option
@json_option
def add(agency: str, start: str, end: str, person: str, stand_in: str, dry_run: bool, as_json: bool) -> None:
    """Thêm ca từ START đến END ("YYYY-MM-DD HH:MM"). / Add a shift; AGENCY may be operators."""
    with office() as desk, desk.writing(dry_run=dry_run) as uow:
        zone = desk.settings.province.zone
        begins, ends = rostering.moment(start, zone), rostering.moment(end, zone)
        shift = rostering.add(uow, rostering.made(uow, agency, begins, ends, person, stand_in), desk.now())
        [row] = rostering.listed(uow, [shift], desk.now())
    done(row, f"Đã thêm ca số {shift.id}.", f"Added shift {shift.id}.", as_json=as_json, dry_run=dry_run)


@roster.command()
@click.argument("number", type=int)
@dry_run_option
def remove(number: int, dry_run: bool) -> None:
    """Bỏ ca số NUMBER chưa bắt đầu. / Take shift NUMBER off before it begins."""
    with office() as desk, desk.writing(dry_run=dry_run) as uow:
        rostering.remove(uow, number, desk.now())
    done({}, f"Đã bỏ ca số {number}.", f"Removed shift {number}.", dry_run=dry_run)


@roster.command()
@agency_option
@click.option("--days", type=click.IntRange(1, 366), default=14, show_default=True, help="Mấy ngày tới. / Days ahead.")
@json_option
def gaps(agency: str | None, days: int, as_json: bool) -> None:
    """Ca chưa có người và giờ không có ca nào. / Empty shifts, and times that no shift covers."""
    with office() as desk, desk.store.read() as uow:
        now = desk.now()
        rows = rostering.gaps(uow, now, now + timedelta(days=days), agency)
        zone = desk.settings.province.zone
    show(rows, GAPS, as_json=as_json, zone=zone)


def _day(desk: Office, since: date | None) -> datetime:
    zone = desk.settings.province.zone
    return datetime.combine(since or desk.now().astimezone(zone).date(), time.min, zone)
