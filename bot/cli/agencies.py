"""`agencies`: who answers for what, and which groups are theirs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Any

import click

from bot.cli.made_groups import group
from bot.cli.office import beginning_of, office
from bot.cli.out import done, dry_run_option, dump, imported, json_option, say, show
from bot.cli.replies import replies
from bot.cli.typed import Day, Words, one_of
from handlers import administration, coverage
from handlers.administration import NewAgency
from handlers.retiring import Retired
from workflows.case.calendar import VIETNAM

COLUMNS = {
    "code": "Mã/Code",
    "vi": "Tên/Name",
    "kind": "Loại/Kind",
    "parent": "Thuộc/Under",
    "groups": "Nhóm chat/Groups",
    "open_cases": "Đang mở/Open",
    "active": "Dùng/Active",
    "valid_until": "Đến/Until",
    "successors": "Nay là/Became",
}
ROUTES = {"id": "Số/No.", "category": "Lĩnh vực/Category", "area": "Địa bàn/Area", "agency": "Cơ quan/Agency"}


@click.group()
def agencies() -> None:
    """Cơ quan xử lý, nhóm chat và tuyến chuyển. / Agencies, their groups and routes."""


@agencies.command("list")
@click.option("--all", "everything", is_flag=True, help="Kể cả cơ quan đã ngừng. / Retired ones too.")
@json_option
def list_agencies(everything: bool, as_json: bool) -> None:
    """Danh sách cơ quan và tình trạng nhóm chat. / Agencies and whether their groups can be reached."""
    with office() as desk, desk.store.read() as uow:
        rows = [row for row in coverage.overview(uow) if everything or row["active"]]
    show([_worded(row) for row in rows] if not as_json else rows, COLUMNS, as_json=as_json)


@agencies.command()
@click.argument("code")
@click.option("--vi", type=Words(), required=True, help="Tên tiếng Việt. / Vietnamese name.")
@click.option("--en", default="", help="Tên tiếng Anh. / English name.")
@click.option("--kind", type=click.Choice(administration.KINDS), default="agency", help="Loại. / Kind.")
@click.option("--parent", default="", help="Mã cơ quan cấp trên. / Code of the agency above.")
@click.option("--from", "since", type=Day(), help="Nhận việc từ ngày này. / From this day on.")
def add(code: str, vi: str, en: str, kind: str, parent: str, since: date | None) -> None:
    """Thêm cơ quan CODE. / Add the agency CODE."""
    with office() as desk, desk.writing() as uow:
        made = administration.add_agency(uow, NewAgency(code, vi, en, kind, parent), desk.now())
        if since is not None:
            uow.agencies.change(made, valid_from=beginning_of(since))
    say(f"Đã thêm {code}.", f"Added {code}.")


@agencies.command()
@click.argument("code")
@click.option("--vi", type=Words(), help="Tên tiếng Việt mới. / New Vietnamese name.")
@click.option("--en", type=Words(), help="Tên tiếng Anh mới. / New English name.")
def rename(code: str, vi: str | None, en: str | None) -> None:
    """Đổi tên cơ quan CODE; mã giữ nguyên. / Rename the agency CODE; its code stays."""
    if not vi and not en:
        raise click.UsageError("cần --vi hoặc --en / --vi or --en is needed")
    with office() as desk, desk.writing() as uow:
        administration.rename_agency(uow, code, vi, en, desk.now())
    say(f"Đã đổi tên {code}.", f"Renamed {code}.")


@agencies.command()
@click.argument("code")
@click.option("--successor", "successors", multiple=True, help="Mã nơi tiếp nhận; lặp lại được. / Who takes over.")
@click.option("--on", type=Day(), help="Từ ngày này; không có là ngay. / From this day on.")
@dry_run_option
@json_option
def retire(code: str, successors: tuple[str, ...], on: date | None, dry_run: bool, as_json: bool) -> None:
    """Ngừng dùng cơ quan CODE; tuyến, nhóm, cán bộ sang nơi tiếp nhận. / Retire CODE; all it has moves on."""
    from handlers.retiring import retire_agency

    with office() as desk, desk.writing(dry_run=dry_run) as uow:
        result = retire_agency(uow, code, desk.now(), successors=successors, on=beginning_of(on) if on else None)
    done(asdict(result), *_retired(result), as_json=as_json, dry_run=dry_run)


def _retired(result: Retired) -> tuple[str, str]:
    """What came of it, in both languages."""
    if result.planned:
        day = result.on.astimezone(VIETNAM)
        return (
            f"{result.code} không nhận phản ánh từ {day:%d/%m/%Y}; đến ngày đó hãy chạy lại lệnh này.",
            f"{result.code} takes no cases from {day:%d/%m/%Y}; run this command again on that day.",
        )
    if len(result.successors) == 1:
        return (
            f"Đã ngừng {result.code}; chuyển sang {result.successors[0]}: {result.routes} tuyến, "
            f"{result.groups} nhóm, {result.staff} cán bộ, {result.units} đơn vị.",
            f"Retired {result.code}; moved to {result.successors[0]}: {result.routes} routes, "
            f"{result.groups} groups, {result.staff} staff, {result.units} units.",
        )
    routes, staff = ("; ".join(one) or "–" for one in (result.routes_dropped, result.staff_removed))
    return (
        f"Đã ngừng {result.code}; gỡ {result.groups_unlinked} nhóm; bỏ tuyến: {routes}; thôi cán bộ: {staff}.",
        f"Retired {result.code}; {result.groups_unlinked} groups unlinked; routes dropped: {routes}; staff: {staff}.",
    )


@agencies.command()
@click.argument("code")
@click.option("--by", default="", help="Mã cơ quan giám sát; bỏ trống: cơ quan cấp trên. / Code; empty: the one above.")
def supervise(code: str, by: str) -> None:
    """Cơ quan nào duyệt kết quả của doanh nghiệp CODE. / Who checks the results of the enterprise CODE."""
    with office() as desk, desk.writing() as uow:
        administration.supervise(uow, code, by, desk.now())
    who = by or "cơ quan cấp trên / the agency above"
    say(f"Kết quả của {code} do {who} duyệt.", f"The results of {code} are checked by {who}.")


@agencies.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@dry_run_option
@json_option
def import_file(file: Path, dry_run: bool, as_json: bool) -> None:
    """Nhập cơ quan từ CSV (code,vi,en,kind,parent). / Import agencies from a CSV file."""
    from handlers.importing import import_agencies

    with office() as desk, desk.writing(dry_run=dry_run) as uow:
        result = import_agencies(uow, file, desk.now())
    imported(result, "cơ quan", "agencies", as_json=as_json, dry_run=dry_run)


@agencies.command()
@click.argument("code", required=False)
@click.option("--operators", is_flag=True, help="Cho nhóm của tổ vận hành. / For the operations team's group.")
@json_option
def link(code: str | None, operators: bool, as_json: bool) -> None:
    """In mã dùng một lần để gắn nhóm chat với CODE. / Print a one-time code that links a group to CODE."""
    one_of(code, operators)
    with office() as desk, desk.writing() as uow:
        made = administration.link_code(uow, code, desk.now())
    if as_json:
        dump({"code": made, "agency": code, "operators": operators, "hours": 24})
        return
    say(f"Mã dùng một lần, có hạn 24 giờ: {made}", f"One-time code, good for 24 hours: {made}")
    say(
        f"Thêm bot vào nhóm rồi gõ trong nhóm: /lienket {made}",
        f"Add the bot to the group, then type there: /lienket {made}",
    )


@agencies.command()
@click.argument("code", required=False)
@click.option("--operators", is_flag=True, help="Nhóm của tổ vận hành. / The operations team's groups.")
@dry_run_option
def unlink(code: str | None, operators: bool, dry_run: bool) -> None:
    """Gỡ mọi nhóm chat khỏi CODE. / Take every group away from CODE."""
    one_of(code, operators)
    with office() as desk, desk.writing(dry_run=dry_run) as uow:
        count = administration.unlink(uow, code, desk.now(), operators=operators)
    done({}, f"Đã gỡ {count} nhóm.", f"{count} groups unlinked.", dry_run=dry_run)


agencies.add_command(group)
agencies.add_command(replies)


@agencies.group()
def routes() -> None:
    """Lĩnh vực và địa bàn nào do ai xử lý. / Which agency answers for what, where."""


@routes.command("list")
@json_option
def list_routes(as_json: bool) -> None:
    """Danh sách tuyến. / Every route."""
    with office() as desk, desk.store.read() as uow:
        rows = coverage.routes(uow)
    show(rows, ROUTES, as_json=as_json)


@routes.command("add")
@click.argument("code")
@click.option("--category", help="Mã lĩnh vực hoặc nhóm; không có là mọi lĩnh vực. / Code; none means any.")
@click.option("--area", help="Mã địa bàn; không có là mọi nơi. / Code of an area; none means anywhere.")
def add_route(code: str, category: str | None, area: str | None) -> None:
    """Giao cho cơ quan CODE. / Let the agency CODE answer for it."""
    with office() as desk, desk.writing() as uow:
        administration.add_route(uow, code, category, area, desk.now())
    say("Đã thêm tuyến.", "Route added.")


@routes.command("drop")
@click.argument("number", type=int)
def drop_route(number: int) -> None:
    """Bỏ tuyến số NUMBER. / Drop the route NUMBER of the list."""
    with office() as desk, desk.writing() as uow:
        administration.drop_route(uow, number, desk.now())
    say("Đã bỏ tuyến.", "Route dropped.")


@routes.command()
@json_option
def gaps(as_json: bool) -> None:
    """Chỗ chưa ai nhận, nhiều nơi cùng nhận, đã hết hiệu lực; mã thoát 1 nếu có. / Gaps, overlaps, what is no more."""
    with office() as desk, desk.store.read() as uow:
        found = coverage.coverage(uow, desk.now())
    columns = {"problem": "Vấn đề/Problem", "category": "Lĩnh vực/Category", "area": "Địa bàn/Area",
               "agencies": "Cơ quan/Agencies", "route": "Tuyến/Route"}  # fmt: skip
    show(found, columns, as_json=as_json)
    if found:
        click.get_current_context().exit(1)


def _worded(row: Mapping[str, Any]) -> dict[str, Any]:
    """Groups in a few words for the table."""
    words = {"open": "✓", "lost": "✗ mất/lost", "moved": "→"}
    groups = [f"{group['platform']} {words.get(group['status'], group['status'])}" for group in row["groups"]]
    return dict(row) | {"groups": groups}
