"""`people`: blocks and linked accounts, always through cases, never by who somebody is."""

from __future__ import annotations

import click

from bot.cli.codes import case_code
from bot.cli.office import office
from bot.cli.out import Trouble, done, dry_run_option, json_option, say, show
from bot.cli.typed import Words
from handlers import blocking, linking
from handlers.administration import ACTOR

REFUSED = {
    "own": ("hai phản ánh là của cùng một người", "both reports are one person's already"),
    "wrong": ("người phản ánh đã xóa dữ liệu", "the reporter has erased their data"),
    "same_channel": (
        "hai tài khoản trên cùng một kênh không liên kết được",
        "two accounts on one channel cannot be linked",
    ),
}


@click.group()
def people() -> None:
    """Tạm chặn người gửi, liên kết tài khoản. / Blocks of reporters, linked accounts."""


@people.command()
@click.argument("code")
@click.option("--days", type=int, required=True, help="Số ngày. / For how many days.")
@click.option("--reason", type=Words(), required=True, help="Lý do, người đó sẽ đọc. / Why; the person reads it.")
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


@people.command()
@click.argument("code")
@click.argument("other")
@dry_run_option
@json_option
def link(code: str, other: str, dry_run: bool, as_json: bool) -> None:
    """Người gửi phản ánh CODE và OTHER là một người. / The reporters of CODE and OTHER are one person.

    Dùng khi người đó không tự liên kết được bằng lệnh /lienket. / For whoever cannot do it with /link.
    """
    with office() as desk, desk.writing(dry_run=dry_run) as uow:
        first, second = (blocking.reporter_of(uow, case_code(one, desk.settings)) for one in (code, other))
        try:
            person = linking.link_reporters(uow, first, second, ACTOR, desk.now())
        except linking.NotLinked as refused:
            raise Trouble(*REFUSED[refused.why]) from None
    done({"person": person}, "Đã liên kết hai người gửi thành một.", "The two reporters are one person now.",
         as_json=as_json, dry_run=dry_run)  # fmt: skip
