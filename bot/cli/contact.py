"""`cases contact` and its log: who reported a case, for a written reason, and who was ever shown it."""

from __future__ import annotations

import click

from bot.cli.codes import case_code
from bot.cli.office import office
from bot.cli.out import facts, json_option, show
from handlers import identity

CONTACT = {
    "code": "Mã/Code",
    "name": "Họ tên/Name",
    "phone": "Điện thoại/Phone",
    "organisation": "Tổ chức/Organisation",
}
LOOKS = {"at": "Lúc/At", "code": "Mã/Code", "by": "Ai/Who", "role": "Vai/Role", "reason": "Lý do/Reason"}


@click.command("contact")
@click.argument("code")
@click.option("--reason", required=True, help="Vì sao cần liên hệ; được ghi lại. / Why; it is logged.")
@json_option
def contact(code: str, reason: str, as_json: bool) -> None:
    """Họ tên, điện thoại người gửi để lại, có lý do. / The name and phone a reporter gave, for a logged reason."""
    with office() as desk, desk.writing() as uow:
        known = case_code(code, desk.settings)
        found = identity.by_command(uow, known, reason, desk.now())
    row = {"code": known, "name": found.name, "phone": found.phone, "organisation": found.organisation}
    facts(row, CONTACT, as_json=as_json)


@click.command("contact-log")
@click.argument("code", required=False)
@click.option("--limit", type=click.IntRange(1), default=100, help="Nhiều nhất. / At most so many.")
@json_option
def contact_log(code: str | None, limit: int, as_json: bool) -> None:
    """Ai đã xem thông tin người gửi, khi nào, vì sao. / Who was shown a reporter's name, when and why."""
    with office() as desk, desk.store.read() as uow:
        rows = identity.log(uow, case_code(code, desk.settings) if code else None, limit)
        zone = desk.settings.province.zone
    show(rows, LOOKS, as_json=as_json, zone=zone)
