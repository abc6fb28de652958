"""`storm`: storm mode on and off, what is on, and many reports of one matter made one."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

import click

from bot.cli.office import Office, office
from bot.cli.out import bar, done, dry_run_option, dump, json_option, say, show
from handlers import administration, rostering, storming
from handlers.administration import ACTOR, Refused
from handlers.cases import ADMINISTRATOR
from storage.storms import StormStore
from storage.unit_of_work import UnitOfWork
from workflows.desk.weather import MAX_TEXT
from workflows.storm.mode import Storm, on, same

COLUMNS = {
    "id": "Số/No.",
    "area": "Địa bàn/Area",
    "vi": "Lời cho người dân/Words",
    "starts_at": "Từ/From",
    "until": "Đến/Until",
    "ended_at": "Tắt lúc/Ended",
    "on": "Đang bật/On",
}
PLAN = {"master": "Đi tiếp/Goes on", "others": "Gộp vào/Merged into it", "refused": "Không gộp được/Refused"}
LATEST = 20


@click.group()
def storm() -> None:
    """Chế độ bão: bật, tắt, gộp phản ánh. / Storm mode."""


@storm.command("on")
@click.option("--area", default="", help="Mã địa bàn; để trống: toàn tỉnh. / Code of an area; empty: everywhere.")
@click.option("--text", required=True, help="Lời cho người dân. / What people are told.")
@click.option("--text-en", default="", help="Lời tiếng Anh. / The same in English.")
@click.option("--until", help='Đến giờ "YYYY-MM-DD HH:MM". / Until this time.')
@click.option("--quiet", is_flag=True, help="Không báo người đang chờ. / Do not write to those who wait.")
@dry_run_option
@json_option
def switch_on(area: str, text: str, text_en: str, until: str | None, quiet: bool, dry_run: bool, as_json: bool) -> None:
    """Bật: lời báo, việc khẩn lên đầu, báo người đang chờ. / Switch it on for an area, or everywhere."""
    with office() as desk, desk.writing(dry_run=dry_run) as uow:
        new = _new(desk, uow, area, text, text_en, until)
        begun = storming.begin(uow, new, ACTOR, desk.now(), tell=not quiet)
    result = {"id": begun.storm.id, "area": area, "told": begun.told}
    vi, en = f"Đã bật số {begun.storm.id}; báo {begun.told} người.", f"On, number {begun.storm.id}; told {begun.told}."
    done(result, vi, en, as_json=as_json, dry_run=dry_run)


@storm.command("off")
@click.argument("number", type=int, required=False)
@dry_run_option
@json_option
def switch_off(number: int | None, dry_run: bool, as_json: bool) -> None:
    """Tắt số NUMBER; không ghi số: tắt hết. / Switch NUMBER off, or everything."""
    with office() as desk, desk.writing(dry_run=dry_run) as uow:
        standing = [one.id for one in StormStore(uow).standing() if number in (None, one.id)]
        if not standing:
            raise Refused(
                "không có chế độ bão nào đang bật như vậy; xem storm status",
                "no such storm mode is on; see storm status",
            )
        for storm_id in standing:
            storming.end(uow, storm_id, ACTOR, desk.now())
    numbers = ", ".join(map(str, standing))
    done({"off": standing}, f"Đã tắt số {numbers}.", f"Off: {numbers}.", as_json=as_json, dry_run=dry_run)


@storm.command()
@json_option
def status(as_json: bool) -> None:
    """Đang bật gì, và những lần gần đây. / What is on, and the latest ones."""
    with office() as desk, desk.store.read() as uow:
        now, zone = desk.now(), desk.settings.province.zone
        rows = [asdict(one) | {"on": one.is_on(now)} for one in StormStore(uow).latest(LATEST)]
    show(rows, COLUMNS, as_json=as_json, zone=zone)


@storm.command()
@click.option("--storm", "number", type=int, help="Số của lần đang bật. / Number of the one that is on.")
@click.option("--category", default="", help="Chỉ lĩnh vực này. / Only this category.")
@dry_run_option
@json_option
def merge(number: int | None, category: str, dry_run: bool, as_json: bool) -> None:
    """Gộp phản ánh cùng địa bàn, lĩnh vực gửi từ khi bật. / Merge reports of one area and category since it began."""
    with office() as desk:
        with desk.store.read() as uow:
            found = storming.plan(uow, _standing(desk, uow, number), _category(uow, category))
            rows = storming.named(uow, found)
        if not dry_run and found:
            rows = _merged(desk, found)
    result: list[dict[str, Any]] = [asdict(one) for one in rows]
    if as_json:
        dump({"groups": result, "dry_run": dry_run})
        return
    show([row | {"refused": [code for code, _ in row["refused"]]} for row in result], PLAN, as_json=False)
    if dry_run:
        say("[thử, chưa ghi gì]", "[dry run, nothing kept]")


def _merged(desk: Office, found: Any) -> list[storming.Merged]:
    from bot.wiring import build
    from handlers.storm_merge import merge as merge_all

    world = build(desk.settings)
    try:
        with bar("cases", sum(len(one.others) for one in found)) as more:
            return merge_all(world.tools, found, ACTOR, ADMINISTRATOR, more)
    finally:
        world.close()


def _new(desk: Office, uow: UnitOfWork, area: str, text: str, text_en: str, until: str | None) -> Storm:
    """Raises Refused for an unknown area, one where it is on already, no words or too many, or an end that is past."""
    if area:
        administration.area(uow, area)
    known = same(on(StormStore(uow).standing(), desk.now()), area)
    if known is not None:
        raise Refused(
            f"ở đó đang bật chế độ bão; hãy chạy storm off {known.id} trước",
            f"storm mode is on there already; run storm off {known.id} first",
        )
    words = text.strip()
    if not 0 < len(words) <= MAX_TEXT or len(text_en) > MAX_TEXT:
        raise Refused(f"lời cho người dân từ 1 đến {MAX_TEXT} ký tự", f"the words are 1 to {MAX_TEXT} characters")
    ends = rostering.moment(until, desk.settings.province.zone) if until else None
    if ends is not None and ends <= desk.now():
        raise Refused(f"{until} đã qua", f"{until} is past")
    return Storm(0, area, words, text_en.strip() or words, desk.now(), ends)


def _standing(desk: Office, uow: UnitOfWork, number: int | None) -> Storm:
    """The storm that is on. Raises Refused for none, or for several when none is named."""
    found = [one for one in on(StormStore(uow).standing(), desk.now()) if number in (None, one.id)]
    if len(found) == 1:
        return found[0]
    if found:
        numbers = ", ".join(str(one.id) for one in found)
        raise Refused(f"đang bật nhiều lần: --storm {numbers}", f"several are on: --storm {numbers}")
    raise Refused(
        "không có chế độ bão nào đang bật như vậy; xem storm status", "no such storm mode is on; see storm status"
    )


def _category(uow: UnitOfWork, code: str) -> str:
    return administration.category(uow, code).code if code else code
