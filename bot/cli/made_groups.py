"""`agencies group`: groups on Zalo, which the Official Account makes itself and nobody can hand over to it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import click

from bot.cli.office import Office
from bot.cli.out import Trouble, done, dry_run_option, json_option, say, show
from bot.cli.typed import one_of
from handlers import made_groups

if TYPE_CHECKING:
    from bot.gmf import MadeGroup
    from bot.zalo_account import Account

PLATFORM = "zalo"
GROUPS = {
    "agency": "Cơ quan/Agency",
    "name": "Tên/Name",
    "group_id": "Mã nhóm/Group id",
    "members": "Người/People",
    "status": "Tình trạng/Status",
    "ends": "Hết hạn/Ends",
    "renews": "Tự gia hạn/Renews",
    "soon": "Sắp hết hạn/Soon",
}
MEMBERS = {"user_id": "Mã người/User id", "name": "Tên/Name", "staff": "Số cán bộ/Staff no.", "status": "Quyền/Right"}
MOST_MEMBERS = 99  # that a group may be made with (zalo.md, 5)

_operators = click.option("--operators", is_flag=True, help="Cho tổ vận hành. / For the operations team.")
_people = click.option(
    "--member", "people", multiple=True, help="Mã người trên Zalo; lặp lại được. / Id of a person on Zalo; repeatable."
)


@click.group("group")
def group() -> None:
    """Nhóm trên Zalo, do OA tạo (GMF). / Groups on Zalo, made by the OA (GMF)."""


@group.command()
@click.argument("code", required=False)
@_operators
@_people
@click.option("--name", help="Tên nhóm; không có thì lấy tên cơ quan. / Name; the agency's by default.")
@click.option("--description", default="", help="Mô tả. / Description.")
@click.option("--asset", help="Mã gói nhóm; không có thì chọn gói còn trống. / Package; a free one by default.")
@dry_run_option
@json_option
def create(
    code: str | None,
    operators: bool,
    people: tuple[str, ...],
    name: str | None,
    description: str,
    asset: str | None,
    dry_run: bool,
    as_json: bool,
) -> None:
    """Tạo nhóm Zalo cho CODE rồi gắn luôn; cần một quản trị viên OA. / Make CODE's group and link it at once."""
    one_of(code, operators)
    if not 1 <= len(people) <= MOST_MEMBERS:
        raise click.UsageError(
            "cần 1–99 --member, có quản trị viên OA / 1–99 --member are needed, an OA admin among them"
        )
    with _account() as (account, desk):
        with desk.store.read() as uow:
            vi, _ = made_groups.may_have_group(uow, code, PLATFORM)
        package = asset or account.settings.zalo_oa.gmf_asset_id or _free(account, desk)
        called = name or vi
        group_id, link = ("", "") if dry_run else _made(account, called, description, package, people)
        if group_id:
            _link(desk, group_id, code, people)
    done(
        {"agency": code or "operators", "name": called, "asset": package, "group_id": group_id, "link": link},
        f"Đã tạo nhóm “{called}” và gắn với {code or 'tổ vận hành'}. {link}",
        f"Made “{called}” and linked it to {code or 'the operations team'}. {link}",
        as_json=as_json,
        dry_run=dry_run,
    )


@group.command("link")
@click.argument("code", required=False)
@_operators
@click.option("--group", "group_id", required=True, help="Mã nhóm mà OA đã tạo. / Id of a group that the OA made.")
def link_group(code: str | None, operators: bool, group_id: str) -> None:
    """Gắn nhóm mà OA đã tạo với CODE. / Link a group that the OA made before to CODE."""
    from bot import gmf

    one_of(code, operators)
    with _account() as (account, desk):
        with desk.store.read() as uow:
            made_groups.may_have_group(uow, code, PLATFORM)
            owner = made_groups.owners(uow, PLATFORM).get(group_id)
        if owner is not None:
            raise Trouble(f"nhóm này đang gắn với {owner}", f"this group is linked to {owner}")
        account.client.get_group(group_id)
        people = [str(one["user_id"]) for one in gmf.members(account.client, group_id) if one.get("user_id")]
        _link(desk, group_id, code, people)
    say(f"Đã gắn nhóm với {code or 'tổ vận hành'}.", f"Linked to {code or 'the operations team'}.")


@group.command("list")
@json_option
def list_groups(as_json: bool) -> None:
    """Mọi nhóm của OA, của ai, khi nào hết hạn. / Every group of the OA, whose it is, when it lapses."""
    from bot import gmf

    with _account() as (account, desk):
        zone = desk.settings.province.zone
        found = gmf.groups(account.client, zone)
        with desk.store.read() as uow:
            owners = made_groups.owners(uow, PLATFORM)
        rows = [_row(one, owners, desk) for one in found]
        show(rows, GROUPS, as_json=as_json, zone=zone)


@group.command()
@click.argument("code", required=False)
@_operators
@json_option
def members(code: str | None, operators: bool, as_json: bool) -> None:
    """Ai đang ở trong nhóm Zalo của CODE. / Who is in CODE's group on Zalo."""
    from bot import gmf

    one_of(code, operators)
    with _account() as (account, desk):
        with desk.store.read() as uow:
            chat = made_groups.group_of(uow, code, PLATFORM)
        people = {str(one["user_id"]): one.get("name") for one in gmf.members(account.client, chat.external_id)
                  if one.get("user_id")}  # fmt: skip
        with desk.store.read() as uow:
            duties = made_groups.duties(uow, chat, people)
    rows = [
        {"user_id": user, "name": name, "staff": duty.id if duty else None, "status": duty.status if duty else None}
        for (user, name), duty in zip(people.items(), duties, strict=True)
    ]
    show(rows, MEMBERS, as_json=as_json)


@group.command()
@click.argument("code", required=False)
@_operators
@_people
@dry_run_option
@json_option
def invite(code: str | None, operators: bool, people: tuple[str, ...], dry_run: bool, as_json: bool) -> None:
    """Mời người vào nhóm Zalo của CODE; họ chờ xác nhận. / Invite people to CODE's group; they stay pending."""
    one_of(code, operators)
    if not people:
        raise click.UsageError("cần --member / --member is needed")
    with _account() as (account, desk):
        with desk.store.read() as uow:
            chat = made_groups.group_of(uow, code, PLATFORM)
        if not dry_run:
            account.client.invite(chat.external_id, people)
    done(
        {"agency": code or "operators", "invited": list(people)},
        f"Đã mời {len(people)} người.",
        f"{len(people)} people invited.",
        as_json=as_json,
        dry_run=dry_run,
    )


@contextmanager
def _account() -> Iterator[tuple[Account, Office]]:
    from bot.cli.zalo import opened

    with opened() as found:
        yield found


def _free(account: Account, desk: Office) -> str:
    from bot import gmf

    asset = gmf.free_asset(account.client, desk.settings.province.zone, desk.now())
    if not asset:
        raise Trouble(
            "không còn gói nhóm (GMF) nào trống; hãy mua thêm hoặc đặt --asset",
            "no group package (GMF) is free; buy one, or set --asset",
        )
    return asset


def _made(account: Account, name: str, description: str, asset: str, people: tuple[str, ...]) -> tuple[str, str]:
    answer = account.client.create_group_with_oa(name, description, asset, people).get("data")
    told: dict[str, Any] = answer if isinstance(answer, dict) else {}
    group_id = str(told.get("group_id") or "")
    if not group_id:
        raise Trouble(
            "Zalo không cho biết mã nhóm; xem bằng agencies group list rồi gắn bằng agencies group link",
            "Zalo did not tell the group's id; look with agencies group list, then agencies group link",
        )
    return group_id, str(told.get("group_link") or "")


def _link(desk: Office, group_id: str, code: str | None, people: tuple[str, ...] | list[str]) -> None:
    from bot.wiring import build  # what the group is told is made here

    world = build(desk.settings)
    try:
        made_groups.link_made(world.tools, PLATFORM, group_id, code, people, desk.now())
    except Exception:
        # The group is there and cannot be made twice: its id must not be lost.
        say(
            f"Nhóm {group_id} đã có trên Zalo nhưng chưa gắn: agencies group link --group {group_id} …",
            f"The group {group_id} is on Zalo but not linked: agencies group link --group {group_id} …",
        )
        raise
    finally:
        world.close()


def _row(one: MadeGroup, owners: dict[str, str], desk: Office) -> dict[str, Any]:
    return {
        "agency": owners.get(one.id),
        "name": one.name,
        "group_id": one.id,
        "members": one.members,
        "status": one.status,
        "ends": one.ends,
        "renews": one.renews,
        "soon": one.lapses_soon(desk.now()),
        "link": one.link,
        "asset": one.asset,
    }
