"""`policy`: the rules by which cases are due, imported as files, compared, tried out and asked."""

from __future__ import annotations

from datetime import datetime, tzinfo
from pathlib import Path
from typing import Any

import click

from bot.cli.office import office
from bot.cli.out import Trouble, done, dry_run_option, dump, json_option, say, show
from handlers import administration, policies
from handlers.policies import Around

LIST = {
    "policy": "Quy định/Policy",
    "in_force_at": "Hiệu lực từ/In force from",
    "in_force": "Đang dùng/In force",
    "regulation": "Văn bản/Regulation",
    "file": "Tệp/File",
    "imported_at": "Nhập lúc/Imported",
}
DIFF = {"key": "Mục/Key", "from": "Từ/From", "to": "Thành/To"}
TESTS = {
    "line": "Dòng/Line",
    "clock": "Đồng hồ/Clock",
    "sent": "Gửi lúc/Sent",
    "wanted": "Cần/Wanted",
    "found": "Tính ra/Found",
    "ok": "Đúng/Right",
}


class Instant(click.ParamType[datetime]):
    """An instant of ISO 8601; without an offset it is the province's own time."""

    name = "ISO-8601"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> datetime:
        """The instant, aware or not; the command puts the province's zone in where there is none."""
        try:
            return datetime.fromisoformat(str(value))
        except ValueError:
            self.fail(f"{value!r}: 2025-08-31T12:13+07:00", param, ctx)


@click.group()
def policy() -> None:
    """Quy định thời hạn: nhập, xem, so sánh, thử, tính hạn. / Policies: the rules of due dates."""


@policy.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@dry_run_option
@json_option
def import_file(file: Path, dry_run: bool, as_json: bool) -> None:
    """Nhập FILE thành phiên bản mới; sai thì giữ bản cũ. / Import FILE as a new version, whole or not at all."""
    with office() as desk, desk.writing(dry_run=dry_run) as uow:
        zone = desk.settings.province.zone
        made = policies.import_policy(uow, file, zone, desk.now())
        row, used = made.row, desk.settings.province.policy
    since = row.in_force_at.astimezone(zone)
    result = {"policy": row.key, "new": made.new, "in_force_at": since}
    if not made.new:
        done(result, f"{row.key} đã có đúng nội dung này.", f"{row.key} says just that already.", as_json=as_json)
        return
    done(
        result,
        f"{row.key}: áp dụng cho phản ánh gửi từ {since:%d/%m/%Y %H:%M}; phản ánh cũ giữ bản cũ.",
        f"{row.key}: holds for reports sent from {since:%d/%m/%Y %H:%M} on; older ones keep their version.",
        as_json=as_json,
        dry_run=dry_run,
    )
    if row.name != used and not as_json:
        say(f"Đang dùng {used}; đổi bằng BOT_PROVINCE__POLICY.", f"{used} is in use; BOT_PROVINCE__POLICY changes it.")


@policy.command("list")
@json_option
def list_policies(as_json: bool) -> None:
    """Mọi phiên bản đã nhập. / Every version."""
    with office() as desk, desk.store.read() as uow:
        used = uow.policies.in_force(desk.settings.province.policy, desk.now())
        rows = [
            {
                "policy": row.key,
                "name": row.name,
                "version": row.version,
                "in_force_at": row.in_force_at,
                "in_force": row == used,
                "regulation": policies.regulation_of(row).number,
                "link": policies.regulation_of(row).link,
                "file": row.file,
                "imported_at": row.imported_at,
                "digest": row.digest,
            }
            for row in uow.policies.all()
        ]
        zone = desk.settings.province.zone
    show(rows, LIST, as_json=as_json, zone=zone)


@policy.command("show")
@click.argument("name", required=False)
@json_option
def show_policy(name: str | None, as_json: bool) -> None:
    """Nội dung một quy định (hue, hue/2). / The text of a policy; without NAME the one in use."""
    with office() as desk, desk.store.read() as uow:
        row = policies.version(uow, name or desk.settings.province.policy, desk.now())
    if as_json:
        dump({"policy": row.key, "in_force_at": row.in_force_at, "rules": policies.rules_of(row), "text": row.text})
        return
    click.echo(f"# {row.key}")
    click.echo(row.text, nl=False)


@policy.command()
@click.argument("one")
@click.argument("other")
@json_option
def diff(one: str, other: str, as_json: bool) -> None:
    """Hai quy định hoặc tệp khác nhau chỗ nào. / Where two policies or files differ."""
    with office() as desk, desk.store.read() as uow:
        left, right = (policies.source(uow, asked, desk.now()) for asked in (one, other))
        found = policies.compare(left[0], right[0])
    show(found, DIFF, as_json=as_json)


@policy.command()
@click.argument("name", required=False)
@json_option
def test(name: str | None, as_json: bool) -> None:
    """Chạy các ví dụ của một quy định hoặc tệp. / Try a policy's or file's own examples; exit code 1 if one fails."""
    with office() as desk, desk.store.read() as uow:
        text, file = policies.source(uow, name or desk.settings.province.policy, desk.now())
        zone = desk.settings.province.zone
        tried = policies.try_out(text, file, Around(zone, uow.days.all(), policies.groups_of(uow)))
    rows = [
        {
            "line": one.line,
            "clock": one.clock,
            "sent": one.sent.astimezone(zone).isoformat(timespec="minutes"),
            "wanted": one.wanted.isoformat(),
            "found": one.found.astimezone(zone).isoformat(timespec="minutes"),
            "ok": one.ok,
        }
        for one in tried
    ]
    show(rows, TESTS, as_json=as_json)
    wrong = [one for one in tried if not one.ok]
    if wrong:
        lines = ", ".join(str(one.line) for one in wrong)
        raise Trouble(f"{file}: sai ở dòng {lines}", f"{file}: wrong in line {lines}")
    if not as_json:
        say(f"{file}: {len(tried)} ví dụ đều đúng.", f"{file}: all {len(tried)} examples hold.")


@policy.command()
@click.option("--sent", type=Instant(), required=True, help="Lúc gửi. / When the report is sent.")
@click.option("--policy", "name", help="Quy định, ví dụ hue hoặc hue/2. / Policy; the one in use by default.")
@click.option("--category", default="", help="Mã lĩnh vực. / Code of the category.")
@click.option("--urgent", is_flag=True, help="Phản ánh khẩn. / An urgent report.")
@click.option("--assigned", type=Instant(), help="Lúc giao cơ quan xử lý. / When it is assigned.")
@json_option
def due(
    sent: datetime, name: str | None, category: str, urgent: bool, assigned: datetime | None, as_json: bool
) -> None:
    """Hạn của từng đồng hồ và vì sao. / When each clock is due, and line by line why."""
    from bot.words import catalogue

    with office() as desk, desk.store.read() as uow:
        settings, zone = desk.settings, desk.settings.province.zone
        sent, assigned = _local(sent, zone), _local(assigned, zone) if assigned else None
        row = policies.version(uow, name or settings.province.policy, sent)
        if category:
            administration.category(uow, category)
        around = Around(zone, uow.days.all(), policies.groups_of(uow))
        law = policies.law_of_row(row, around, sent, assigned or sent)
        found = policies.due(law, sent, assigned, category, urgent=urgent)
        words = catalogue.load(settings.words, zone)
    dates = {clock: one.due.astimezone(zone).isoformat() for clock, one in found.items()}
    lines = {clock: policies.why(one, words) for clock, one in found.items()}
    ladder = policies.ladder(law, found["resolve"].due, category, urgent=urgent)
    if as_json:
        clocks = {clock: {"due": dates[clock], "why": lines[clock]} for clock in found}
        told = {"policy": row.key, "regulation": law.regulation, "sent": sent}
        dump(told | {"clocks": clocks, "reminders": ladder})
        return
    click.echo(f"{row.key} · {law.regulation}")
    for clock in found:
        label = words.text("vi", f"why.clock.{clock}", {})
        click.echo(f"\n{clock} ({label}): {dates[clock]}")
        for line in lines[clock]:
            click.echo(f"  {line}")
    click.echo("\nNhắc hạn xử lý / Reminders of the resolve date")
    for step in ladder:
        click.echo(f"  {step['at']}: {step['to']}")


def _local(at: datetime, zone: tzinfo) -> datetime:
    return at.astimezone(zone) if at.tzinfo else at.replace(tzinfo=zone)
