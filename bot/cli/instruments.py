"""`instruments`: measuring instruments and the units that own them, so that others can ask for them."""

from __future__ import annotations

from dataclasses import asdict

import click

from bot.cli.office import office
from bot.cli.out import done, json_option, show
from handlers import instruments as register
from workflows.case.support import INSTRUMENTS

COLUMNS = {
    "id": "Số/No.",
    "agency": "Đơn vị/Unit",
    "kind": "Loại/Kind",
    "vi": "Tên/Name",
    "serial": "Số hiệu/Serial",
    "usable": "Dùng được/Usable",
    "note": "Ghi chú/Note",
}


@click.group()
def instruments() -> None:
    """Thiết bị đo và đơn vị có thiết bị. / Measuring instruments and who owns them."""


@instruments.command("list")
@json_option
def list_instruments(as_json: bool) -> None:
    """Sổ thiết bị đo. / Every instrument on record."""
    with office() as desk, desk.store.read() as uow:
        rows = [asdict(one) for one in uow.instruments.all()]
    show(rows, COLUMNS, as_json=as_json)


@instruments.command()
@click.argument("agency")
@click.argument("kind", type=click.Choice(INSTRUMENTS))
@click.option("--vi", required=True, help="Tên tiếng Việt. / Vietnamese name.")
@click.option("--en", default="", help="Tên tiếng Anh. / English name.")
@click.option("--serial", default="", help="Số hiệu, để phân biệt. / Serial number, to tell it from others.")
@click.option("--note", default="", help="Ghi chú. / Note.")
@json_option
def add(agency: str, kind: str, vi: str, en: str, serial: str, note: str, as_json: bool) -> None:
    """Ghi thiết bị loại KIND của AGENCY vào sổ. / Put an instrument of AGENCY on the register."""
    with office() as desk, desk.writing() as uow:
        row = register.add(uow, agency, kind, vi, en, serial, note, desk.now())
    done(asdict(row), f"Đã ghi thiết bị số {row.id}: {row.vi}.", f"Instrument {row.id}: {row.en}.", as_json=as_json)


@instruments.command()
@click.argument("number", type=int)
@click.option("--off", is_flag=True, help="Tạm không dùng được. / Not usable for now.")
@json_option
def usable(number: int, off: bool, as_json: bool) -> None:
    """Thiết bị NUMBER dùng được hay tạm hỏng. / Whether NUMBER can be used now."""
    with office() as desk, desk.writing() as uow:
        row = register.set_usable(uow, number, desk.now(), usable=not off)
    said = ("dùng được", "usable") if row.usable else ("tạm không dùng được", "not usable for now")
    done(asdict(row), f"Thiết bị số {number}: {said[0]}.", f"Instrument {number}: {said[1]}.", as_json=as_json)


@instruments.command()
@click.argument("number", type=int)
@json_option
def remove(number: int, as_json: bool) -> None:
    """Bỏ thiết bị NUMBER khỏi sổ. / Take NUMBER off the register."""
    with office() as desk, desk.writing() as uow:
        row = register.remove(uow, number, desk.now())
    done(asdict(row), f"Đã bỏ thiết bị số {number}.", f"Instrument {number} is removed.", as_json=as_json)
