"""`queue`: what waits, what is stuck, what was given up. The database is the queue of record."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

import click

from bot.cli.office import Office, office
from bot.cli.out import done, dry_run_option, dump, facts, json_option, show
from bot.in_use import windows
from handlers.forecast import asking
from handlers.forecast import forecast as foreseen
from storage.channels import ChannelStore
from storage.unit_of_work import UnitOfWork
from workflows.notifier.channels import BY_PHONE

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
CHANNELS = {"channel": "Kênh/Channel", "status": "Tình trạng/Status", "since": "Từ/Since", "code": "Lỗi/Code",
            "rows": "Tin chờ/Rows", "cases": "Phản ánh/Cases", "held": "Vì sao/Held for",
            "inbox": "Tin đến/Inbox"}  # fmt: skip
LINES = {"when": "Lúc nào/When", "channel": "Kênh/Channel", "waits": "Chờ gì/Waits for", "notices": "Tin/Notices",
         "messages": "Số lần gửi/Messages", "cost": "Chi phí (đồng)/Cost (VND)",
         "until": "Bỏ sau/Given up"}  # fmt: skip
ASKING = {"at": "Ngày/Day", "channel": "Kênh/Channel", "people": "Số người/People",
          "cost": "Chi phí (đồng)/Cost (VND)"}  # fmt: skip
WAITS = {
    "": "gửi ngay/goes out now",
    "bundle": "gộp tin/gathered",
    "quota": "hạn mức/quota",
    "window": "người dân nhắn lại/the person to write",
    "channel": "kênh hoạt động lại/the channel to be back",
    "call": "người trực gọi lại/somebody to call",
    "never": "không tới được/not reached",
}
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
            "channels": _channels(uow, {*windows(desk.settings), BY_PHONE}),
        }
        zone = desk.settings.province.zone
    if as_json:
        dump(result)
        return
    channels = [row | {"held": _counted(row["held"])} for row in result.pop("channels")]
    worded = {key: _counted(value) if isinstance(value, dict) else value for key, value in result.items()}
    facts(worded, STATUS, as_json=False)
    if channels:
        show(channels, CHANNELS, as_json=False, zone=zone)


@queue.command()
@json_option
def forecast(as_json: bool) -> None:
    """Tin nào sẽ gửi lúc nào, qua kênh nào, tốn bao nhiêu. / What will be sent when, how, and for how much."""
    with office() as desk, desk.store.read() as uow:
        now, zone, known = desk.now(), desk.settings.province.zone, windows(desk.settings)
        lines = [
            asdict(line) | {"channel": line.platform, "when": line.at, "waits": line.waits or "now"}
            for line in foreseen(uow, known, now)
        ]
        asked = [asdict(one) | {"channel": one.platform} for one in asking(uow, known, now)]
    cost = sum(line["cost"] for line in lines) + sum(one["cost"] for one in asked)
    if as_json:
        dump({"notices": lines, "asking": asked, "cost": cost})
        return
    show([line | {"waits": WAITS.get(line["waits"], WAITS[""])} for line in lines], LINES, as_json=False, zone=zone)
    if asked:
        click.echo("Sẽ mời nhắn lại để giữ kênh mở / Will be asked to write, to keep their channel open")
        show(asked, ASKING, as_json=False, zone=zone)
    click.echo(f"Tổng chi phí (đồng) / Total cost (VND): {cost}")


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
    if not count:
        done({"rows": 0}, f"Không có dòng nào như vậy đã bỏ; xem queue dead ({box}).",
             f"No such row was given up; see queue dead ({box}).", as_json=as_json, dry_run=dry_run)  # fmt: skip
        return
    done({"rows": count}, f"Thử lại {count} dòng.", f"{count} rows to be tried again.", as_json=as_json,
         dry_run=dry_run)  # fmt: skip


def _revive(desk: Office, box: str, numbers: tuple[int, ...] | None, dry_run: bool) -> int:
    with desk.writing(dry_run=dry_run) as uow:
        store = uow.inbox if box == "inbox" else uow.outbox
        count = store.revive(numbers, desk.now())
        if count:
            uow.registers.record("cli", f"{box}.revived", "all" if numbers is None else "some", desk.now(), rows=count)
    return count


def _channels(uow: UnitOfWork, in_use: set[str]) -> list[dict[str, Any]]:
    """Every channel that is not simply working, or for which something waits."""
    known, inbox = ChannelStore(uow).all(), uow.inbox.waiting_by_channel()
    waits, cases = uow.outbox.waiting_by_channel(), uow.outbox.cases_by_channel()
    rows = []
    for name in sorted({*known, *in_use, *waits, *inbox}):
        kept = known.get(name)
        status = "off" if name not in in_use else "down" if kept and kept.status == "down" else "up"
        same = kept if kept and kept.status == status != "up" else None
        mine = waits.get(name, {})
        rows.append({
            "channel": name, "status": status, "since": same.since if same else None, "code": same.code if same else "",
            "rows": sum(mine.values()), "cases": cases.get(name, 0),
            "held": {why: count for why, count in mine.items() if why}, "inbox": inbox.get(name, 0),
        })  # fmt: skip
    return [row for row in rows if row["status"] == "down" or row["rows"] or row["inbox"]]


def _counted(counts: dict[str, int]) -> str:
    return ", ".join(f"{name} {count}" for name, count in sorted(counts.items()))


def _age(now: Any, since: Any) -> int | None:
    return max(0, int((now - since).total_seconds())) if since else None
