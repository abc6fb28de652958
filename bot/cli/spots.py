"""`spots`: places where the same trouble comes back, their files, and putting a wrong chain right."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

import click

from bot.cli.codes import case_code
from bot.cli.office import Office, office
from bot.cli.out import Trouble, done, dry_run_option, dump, facts, json_option, show
from handlers import administration
from handlers.administration import Refused
from workflows.actions import Action
from workflows.case.spots import SpotCase

LIST = {
    "number": "Điểm/Spot",
    "category": "Lĩnh vực/Category",
    "area": "Địa bàn/Area",
    "times": "Số lần/Times",
    "first_at": "Từ/Since",
    "last_at": "Gần nhất/Last",
}
FACTS = {"number": "Điểm/Spot", "category": "Lĩnh vực/Category", "area": "Địa bàn/Area", "times": "Số lần/Times"}
CASES = {
    "turn": "Lần/Time",
    "code": "Mã/Code",
    "opened_at": "Gửi lúc/Opened",
    "agency": "Cơ quan/Agency",
    "state": "Trạng thái/State",
    "due": "Hạn/Due",
    "extended": "Gia hạn/Extended",
    "finished_at": "Kết quả lúc/Result at",
    "late": "Trễ/Late",
    "outcome": "Kết quả/Outcome",
    "result": "Lời/Words",
    "decision": "Quyết định phạt/Sanction",
    "fine": "Mức phạt/Amount",
    "photos": "Ảnh/Photos",
}


@click.group()
def spots() -> None:
    """Điểm tái diễn: danh sách, hồ sơ, nối, gỡ. / Chronic spots: list, file, chain, unchain."""


@spots.command("list")
@click.option("--category", default="", help="Mã lĩnh vực. / Code of a category.")
@click.option("--area", default="", help="Mã địa bàn. / Code of an area.")
@click.option("--times", type=click.IntRange(2), default=2, show_default=True, help="Từ mấy lần. / At least so often.")
@click.option("--limit", type=click.IntRange(1), default=50, show_default=True, help="Nhiều nhất. / At most so many.")
@json_option
def list_spots(category: str, area: str, times: int, limit: int, as_json: bool) -> None:
    """Các điểm tái diễn nhiều nhất. / The spots where the same trouble came back most often."""
    with office() as desk, desk.store.read() as uow:
        if category:
            administration.category(uow, category)
        if area:
            administration.area(uow, area)
        found = uow.spots.listing(category, area, times, limit)
    rows = [{"number": one.id, **{key: value for key, value in asdict(one).items() if key != "id"}} for one in found]
    show(rows, LIST, as_json=as_json, zone=desk.settings.province.zone)


@spots.command("show")
@click.argument("which")
@json_option
def show_spot(which: str, as_json: bool) -> None:
    """Hồ sơ của điểm số WHICH, hoặc của phản ánh có mã WHICH. / The file of spot WHICH, a number or a case's code."""
    from bot.wiring import build
    from handlers.spots import file_of

    with office() as desk:
        world = build(desk.settings)
        try:
            with desk.store.read() as uow:
                rows = uow.spots.cases(_spot(desk, uow, which))
                if not rows:
                    raise Refused(
                        f"không có điểm {which!r}; xem spots list", f"there is no spot {which!r}; see spots list"
                    )
                file = file_of(world.tools, uow, rows, desk.now(), everything=True)
        finally:
            world.close()
    head = {
        "number": file.number,
        "category": file.category.vi,
        "area": file.area.vi if file.area else "",
        "times": len(file.cases),
    }
    cases = [_line(at, one) for at, one in enumerate(file.cases, start=1)]
    if as_json:
        dump(head | {"cases": cases})
        return
    facts(head, FACTS, as_json=False)
    show(cases, CASES, as_json=False, zone=desk.settings.province.zone)


def _spot(desk: Office, uow: Any, which: str) -> int:
    if which.isascii() and which.isdigit():
        return int(which)
    row = uow.cases.by_code(case_code(which, desk.settings))
    return (uow.spots.of_case(row.id) if row else None) or 0


def _line(at: int, one: SpotCase) -> dict[str, Any]:
    return {
        "turn": at,
        "code": one.code,
        "opened_at": one.opened_at,
        "agency": one.agency.vi if one.agency else "",
        "state": one.state.value,
        "due": one.due,
        "extended": one.extended,
        "finished_at": one.finished_at,
        "late": one.late,
        "outcome": one.outcome,
        "result": one.result,
        "decision": one.decision,
        "fine": one.fine or None,
        "photos": [*one.before, *one.after],
    }


@spots.command()
@click.argument("code")
@click.option("--to", "earlier", required=True, help="Mã phản ánh trước đó tại điểm. / Code of the earlier case.")
@dry_run_option
@json_option
def chain(code: str, earlier: str, dry_run: bool, as_json: bool) -> None:
    """Nối CODE vào chuỗi của một phản ánh trước. / Chain CODE to an earlier case of the same spot."""
    _move(code, Action.CHAIN, earlier, dry_run=dry_run, as_json=as_json)


@spots.command()
@click.argument("code")
@dry_run_option
@json_option
def unchain(code: str, dry_run: bool, as_json: bool) -> None:
    """Gỡ CODE khỏi chuỗi của điểm. / Take CODE out of its spot's chain."""
    _move(code, Action.UNCHAIN, "", dry_run=dry_run, as_json=as_json)


def _move(code: str, action: Action, other: str, *, dry_run: bool, as_json: bool) -> None:
    from bot.cli.cases import refused
    from bot.wiring import build  # loads the platforms: what people are told is made here
    from handlers.case_command import Wanted, move_by_code

    with office() as desk:
        known = case_code(code, desk.settings)
        world = build(desk.settings)
        try:
            wanted = Wanted(action, other=case_code(other, desk.settings) if other else "")
            moved = move_by_code(world.tools, known, wanted, dry_run=dry_run)
            if moved.refusal is not None:
                raise Trouble(*refused(world.words, moved.refusal))
        finally:
            world.close()
    done({"code": known, "moves": list(moved.moves)}, f"{known}: {action.value}.", f"{known}: {action.value}.",
         as_json=as_json, dry_run=dry_run)  # fmt: skip
