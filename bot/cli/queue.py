"""`queue`: what waits, what is stuck, what was given up. The database is the queue of record."""

from __future__ import annotations

from typing import Any

import click

from bot.cli.office import Office, office
from bot.cli.out import done, dry_run_option, dump, facts, json_option, show

STATUS = {
    "inbox": "Hộp đến/Inbox",
    "inbox_oldest_seconds": "Chờ lâu nhất (giây)/Oldest (s)",
    "outbox": "Hộp đi/Outbox",
    "outbox_oldest_seconds": "Chờ lâu nhất (giây)/Oldest (s)",
}
INBOX = {"id": "Số/No.", "platform": "Nền tảng/Platform", "kind": "Loại/Kind", "received_at": "Nhận/Received",
         "attempts": "Lần thử/Attempts", "error": "Lỗi/Error"}  # fmt: skip
OUTBOX = {"id": "Số/No.", "kind": "Loại/Kind", "purpose": "Việc/Purpose", "case_id": "Phản ánh/Case",
          "created_at": "Lúc/Made", "attempts": "Lần thử/Attempts", "outcome": "Kết quả/Outcome"}  # fmt: skip
BOXES = click.Choice(["inbox", "outbox"])


@click.group()
def queue() -> None:
    """Hàng đợi: đang chờ, kẹt, đã bỏ. / What waits, what is stuck, what was given up."""


@queue.command()
@json_option
def status(as_json: bool) -> None:
    """Số dòng mỗi trạng thái và chờ lâu nhất. / Rows by status, and the age of the oldest that waits."""
    with office() as desk, desk.store.read() as uow:
        now = desk.now()
        result: dict[str, Any] = {
            "inbox": uow.inbox.counts(),
            "inbox_oldest_seconds": _age(now, uow.inbox.oldest_due(now)),
            "outbox": uow.outbox.counts(),
            "outbox_oldest_seconds": _age(now, uow.outbox.oldest_due(now)),
        }
    if as_json:
        dump(result)
        return
    worded = {
        key: ", ".join(f"{name} {count}" for name, count in sorted(value.items())) if isinstance(value, dict) else value
        for key, value in result.items()
    }
    facts(worded, STATUS, as_json=False)


@queue.command()
@click.option("--limit", type=click.IntRange(1), default=50, help="Nhiều nhất bao nhiêu dòng. / At most so many.")
@json_option
def dead(limit: int, as_json: bool) -> None:
    """Những dòng đã bỏ sau nhiều lần thử, kèm lý do. / Rows given up after many attempts, and why."""
    with office() as desk, desk.store.read() as uow:
        inbox, outbox = uow.inbox.dead(limit), uow.outbox.dead(limit)
        zone = desk.settings.province.zone
    if as_json:
        dump({"inbox": inbox, "outbox": outbox})
        return
    click.echo("Hộp đến / Inbox")
    show(inbox, INBOX, as_json=False, zone=zone)
    click.echo("Hộp đi / Outbox")
    show(outbox, OUTBOX, as_json=False, zone=zone)


@queue.command()
@click.argument("box", type=BOXES)
@click.argument("numbers", type=int, nargs=-1)
@click.option("--all", "everything", is_flag=True, help="Mọi dòng đã bỏ. / Every row that was given up.")
@dry_run_option
@json_option
def retry(box: str, numbers: tuple[int, ...], everything: bool, dry_run: bool, as_json: bool) -> None:
    """Thử lại các dòng đã bỏ của BOX. / Try rows of BOX again that were given up."""
    if bool(numbers) == everything:
        raise click.UsageError("cần số dòng hoặc --all / numbers or --all are needed, and only one of them")
    with office() as desk:
        count = _revive(desk, box, None if everything else numbers, dry_run)
    done({"rows": count}, f"Thử lại {count} dòng.", f"{count} rows to be tried again.", as_json=as_json,
         dry_run=dry_run)  # fmt: skip


def _revive(desk: Office, box: str, numbers: tuple[int, ...] | None, dry_run: bool) -> int:
    with desk.writing(dry_run=dry_run) as uow:
        store = uow.inbox if box == "inbox" else uow.outbox
        count = store.revive(numbers, desk.now())
        uow.registers.record("cli", f"{box}.revived", "all" if numbers is None else "some", desk.now(), rows=count)
    return count


def _age(now: Any, since: Any) -> int | None:
    return max(0, int((now - since).total_seconds())) if since else None
