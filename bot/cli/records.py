"""`records`: what administrators and the program itself changed, newest first."""

from __future__ import annotations

from typing import Any

import click

from bot.cli.office import office
from bot.cli.out import json_option, show

COLUMNS = {
    "at": "Lúc/At",
    "actor": "Ai/By",
    "what": "Việc/What",
    "subject": "Của/Of",
    "data": "Chi tiết/Details",
}


@click.command()
@click.option("--what", help="Chỉ một loại việc, như person.blocked. / One kind only, such as person.blocked.")
@click.option("--last", type=click.IntRange(1, 10_000), default=50, show_default=True, help="Bao nhiêu dòng. / Lines.")
@json_option
def records(what: str | None, last: int, as_json: bool) -> None:
    """Sổ ghi những thay đổi của quản trị. / The log of what was changed by hand or by itself."""
    with office() as desk, desk.store.read() as uow:
        rows = uow.registers.records(what, last)
    readable = rows if as_json else [row | {"data": _said(row["data"])} for row in rows]
    show(readable, COLUMNS, as_json=as_json, zone=desk.settings.province.zone)


def _said(data: dict[str, Any]) -> str:
    return ", ".join(f"{name}={value}" for name, value in data.items())
