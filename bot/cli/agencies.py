"""`agencies`: who answers for what, and which groups are theirs."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click

from bot.cli.made_groups import group
from bot.cli.office import office
from bot.cli.out import done, dry_run_option, dump, json_option, say, show
from handlers import administration, coverage
from handlers.administration import NewAgency

COLUMNS = {
    "code": "Mã/Code",
    "vi": "Tên/Name",
    "kind": "Loại/Kind",
    "parent": "Thuộc/Under",
    "groups": "Nhóm chat/Groups",
    "open_cases": "Đang mở/Open",
    "active": "Dùng/Active",
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
@click.option("--vi", required=True, help="Tên tiếng Việt. / Vietnamese name.")
@click.option("--en", default="", help="Tên tiếng Anh. / English name.")
@click.option("--kind", type=click.Choice(administration.KINDS), default="agency", help="Loại. / Kind.")
@click.option("--parent", default="", help="Mã cơ quan cấp trên. / Code of the agency above.")
def add(code: str, vi: str, en: str, kind: str, parent: str) -> None:
    """Thêm cơ quan CODE. / Add the agency CODE."""
    with office() as desk, desk.writing() as uow:
        administration.add_agency(uow, NewAgency(code, vi, en, kind, parent), desk.now())
    say(f"Đã thêm {code}.", f"Added {code}.")


@agencies.command()
@click.argument("code")
@click.option("--vi", help="Tên tiếng Việt mới. / New Vietnamese name.")
@click.option("--en", help="Tên tiếng Anh mới. / New English name.")
def rename(code: str, vi: str | None, en: str | None) -> None:
    """Đổi tên cơ quan CODE; mã giữ nguyên. / Rename the agency CODE; its code stays."""
    if not vi and not en:
        raise click.UsageError("cần --vi hoặc --en / --vi or --en is needed")
    with office() as desk, desk.writing() as uow:
        administration.rename_agency(uow, code, vi, en, desk.now())
    say(f"Đã đổi tên {code}.", f"Renamed {code}.")


@agencies.command()
@click.argument("code")
@dry_run_option
def retire(code: str, dry_run: bool) -> None:
    """Ngừng dùng cơ quan CODE, bỏ tuyến và nhóm chat của nó. / Retire CODE, drop its routes, unlink its groups."""
    with office() as desk, desk.writing(dry_run=dry_run) as uow:
        routes = administration.retire_agency(uow, code, desk.now())
    done({}, f"Đã ngừng {code}; bỏ {routes} tuyến.", f"Retired {code}; {routes} routes dropped.", dry_run=dry_run)


@agencies.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@dry_run_option
@json_option
def import_file(file: Path, dry_run: bool, as_json: bool) -> None:
    """Nhập cơ quan từ CSV (code,vi,en,kind,parent). / Import agencies from a CSV file."""
    from handlers.importing import import_agencies

    with office() as desk, desk.writing(dry_run=dry_run) as uow:
        result = import_agencies(uow, file, desk.now())
    counts = {"added": result.added, "changed": result.changed}
    done(
        counts,
        f"Thêm {result.added}, sửa {result.changed}.",
        f"{result.added} added, {result.changed} changed.",
        as_json=as_json,
        dry_run=dry_run,
    )


@agencies.command()
@click.argument("code", required=False)
@click.option("--operators", is_flag=True, help="Cho nhóm của tổ vận hành. / For the operations team's group.")
@json_option
def link(code: str | None, operators: bool, as_json: bool) -> None:
    """In mã dùng một lần để gắn nhóm chat với CODE. / Print a one-time code that links a group to CODE."""
    _one_of(code, operators)
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
    _one_of(code, operators)
    with office() as desk, desk.writing(dry_run=dry_run) as uow:
        count = administration.unlink(uow, code, desk.now(), operators=operators)
    done({}, f"Đã gỡ {count} nhóm.", f"{count} groups unlinked.", dry_run=dry_run)


agencies.add_command(group)


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
    """Chỗ chưa ai hoặc nhiều cơ quan cùng nhận; mã thoát 1 nếu có. / Gaps and overlaps; exit code 1 if any."""
    with office() as desk, desk.store.read() as uow:
        found = coverage.coverage(uow)
    columns = {"problem": "Vấn đề/Problem", "category": "Lĩnh vực/Category", "area": "Địa bàn/Area",
               "agencies": "Cơ quan/Agencies"}  # fmt: skip
    show(found, columns, as_json=as_json)
    if found:
        click.get_current_context().exit(1)


def _one_of(code: str | None, operators: bool) -> None:
    if bool(code) == operators:
        raise click.UsageError("cần CODE hoặc --operators / CODE or --operators is needed, and only one of them")


def _worded(row: Mapping[str, Any]) -> dict[str, Any]:
    """Groups in a few words for the table."""
    words = {"open": "✓", "lost": "✗ mất/lost", "moved": "→"}
    groups = [f"{group['platform']} {words.get(group['status'], group['status'])}" for group in row["groups"]]
    return dict(row) | {"groups": groups}
