"""`people`: blocks, always through a case, never by who somebody is."""

from __future__ import annotations

import click

from bot.cli.codes import case_code
from bot.cli.office import office
from bot.cli.out import json_option, say, show
from handlers import blocking


@click.group()
def people() -> None:
    """Tạm chặn người gửi. / Temporary blocks of reporters."""


@people.command()
@click.argument("code")
@click.option("--days", type=int, required=True, help="Số ngày. / For how many days.")
@click.option("--reason", required=True, help="Lý do, người đó sẽ đọc. / Why; the person reads it.")
def block(code: str, days: int, reason: str) -> None:
    """Tạm chặn người gửi phản ánh CODE; tin nguy hiểm vẫn qua. / Block the reporter of CODE; danger still passes."""
    with office() as desk, desk.writing() as uow:
        until = blocking.block(uow, case_code(code, desk.settings), days, reason, desk.now())
        when = until.astimezone(desk.settings.province.zone)
    say(f"Đã chặn đến {when:%d/%m/%Y %H:%M}.", f"Blocked until {when:%d/%m/%Y %H:%M}.")


@people.command()
@click.argument("code")
def unblock(code: str) -> None:
    """Bỏ chặn người gửi phản ánh CODE. / Lift the block on the reporter of CODE."""
    with office() as desk, desk.writing() as uow:
        blocking.unblock(uow, case_code(code, desk.settings), desk.now())
    say("Đã bỏ chặn.", "Unblocked.")


@people.command("show-blocks")
@json_option
def show_blocks(as_json: bool) -> None:
    """Ai đang bị chặn, đến khi nào, vì sao. / Who is blocked, until when and why."""
    with office() as desk, desk.store.read() as uow:
        rows = [
            {"person": row.id, "until": row.blocked_until, "reason": row.block_reason}
            for row in blocking.blocked(uow, desk.now())
        ]
        zone = desk.settings.province.zone
    columns = {"person": "Người/Person", "until": "Đến/Until", "reason": "Lý do/Reason"}
    show(rows, columns, as_json=as_json, zone=zone)
