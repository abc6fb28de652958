"""`zalo`: access to the Official Account, how it stands, and what to put right."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import click

from bot.cli.office import Office, office
from bot.cli.out import Trouble, dump, facts, json_option, say
from bot.cli.zalo_bot import zalo_bot

if TYPE_CHECKING:
    from bot.zalo_account import Account

STATUS = {
    "lost": "Mất quyền/Access lost",
    "source": "Nguồn/Source",
    "since": "Có từ/Since",
    "expires": "Hết hạn/Expires",
    "renewal_due": "Gia hạn lúc/Renewal due",
    "renewals": "Số lần gia hạn/Renewals",
    "failures": "Lỗi liên tiếp/Failures in a row",
    "last_failure": "Lỗi gần nhất/Last failure",
    "name": "OA",
    "oa_id": "Mã OA/OA id",
    "is_verified": "Đã xác thực/Verified",
    "package_name": "Gói/Package",
    "num_follower": "Người quan tâm/Followers",
    "trouble": "Vấn đề/Trouble",
}
ACCOUNT_FACTS = ("name", "is_verified", "package_name", "num_follower")
MINUTES = 60  # that a link may be answered


@click.group()
def zalo() -> None:
    """Quyền truy cập và tình trạng Zalo OA. / Access to the Zalo Official Account, and how it stands."""


zalo.add_command(zalo_bot)


@zalo.command()
@click.option("--answer", help="Địa chỉ trình duyệt được đưa về. / The address to which the browser came back.")
@click.option("--pair", is_flag=True, help="Nhập cặp mã lấy từ API Explorer. / Enter a pair of the API Explorer.")
@click.option("--callback", help="Địa chỉ callback đã khai với Zalo. / The callback that Zalo knows.")
@json_option
def authorize(answer: str | None, pair: bool, callback: str | None, as_json: bool) -> None:
    """In liên kết để OA cấp quyền; nhận câu trả lời. / Print the link for the OA's consent; take the answer."""
    if answer is not None and pair:
        raise click.UsageError("chỉ chọn --answer hoặc --pair / choose --answer or --pair")
    with opened() as (account, _):
        if pair:
            _take_pair(account)
        elif answer is not None:
            account.consent.finish_at(answer)
        else:
            _print_link(account, callback, as_json)
            return
    if as_json:
        dump({"authorized": True})
        return
    say("OA đã cấp quyền; từ nay việc gia hạn là tự động.", "The OA has granted access; from now on it renews itself.")


@zalo.command()
@json_option
def status(as_json: bool) -> None:
    """Quyền truy cập còn đến khi nào, OA ra sao. / How long access lasts and how the account stands."""
    with opened() as (account, desk):
        found = _standing(account)
        facts(found, STATUS, as_json=as_json, zone=desk.settings.province.zone)
    if found["lost"]:
        click.get_current_context().exit(1)


@zalo.command()
@json_option
def refresh(as_json: bool) -> None:
    """Gia hạn quyền truy cập ngay, kể cả khi đã thôi thử. / Renew access now, even where trying was given up."""
    with opened() as (account, desk):
        account.client.refresh_access_token()
        found = account.tokens.status() or {}
    if as_json:
        dump(found)
        return
    due = found["renewal_due"].astimezone(desk.settings.province.zone).strftime("%d/%m/%Y %H:%M")
    say(f"Đã gia hạn. Lần tới: {due}.", f"Renewed. Next: {due}.")


@zalo.command()
@json_option
def check(as_json: bool) -> None:
    """Hỏi Zalo và nêu mọi vấn đề của OA, quyền và nhóm; có lỗi thì mã thoát 1. / Ask Zalo, say every problem."""
    from bot.check_zalo import check_zalo
    from bot.cli.check import tell

    with office() as desk:
        tell(list(check_zalo(desk.settings, desk.store, desk.clock)), as_json=as_json)


@contextmanager
def opened() -> Iterator[tuple[Account, Office]]:
    """The account, and what Zalo refuses as sentences. Raises Trouble."""
    from bot.platforms.zalo.advice import TROUBLES, advice
    from bot.zalo_account import open_account

    with office() as desk, open_account(desk.settings, desk.store, desk.clock) as account:
        if account is None:
            raise Trouble("chưa có BOT_ZALO_OA__APP_SECRET", "there is no BOT_ZALO_OA__APP_SECRET")
        try:
            yield account, desk
        except TROUBLES as refused:
            raise Trouble(*advice(refused)) from None


def _print_link(account: Account, callback: str | None, as_json: bool) -> None:
    back = callback or account.callback
    if back is None:
        raise Trouble(
            "cần --callback hoặc BOT_WEB__PUBLIC_URL: địa chỉ đã khai trên trang quản trị Zalo",
            "--callback or BOT_WEB__PUBLIC_URL is needed: the address that stands in Zalo's console",
        )
    link = account.consent.begin(back)
    if as_json:
        dump({"link": link, "callback": back, "minutes": MINUTES})
        return
    say(
        f"Callback phải được khai trên trang quản trị Zalo: {back}",
        f"The callback must stand in Zalo's console: {back}",
    )
    say(
        "Người quản trị OA mở liên kết này trong vòng một giờ:", "An administrator of the OA opens this within an hour:"
    )
    click.echo(link)
    say(
        "Nếu trang được đưa về không mở được, hãy dán địa chỉ của nó: zalo authorize --answer 'ĐỊA CHỈ'",
        "If the page to which it leads does not open, give its address: zalo authorize --answer 'ADDRESS'",
    )


def _take_pair(account: Account) -> None:
    """Two lines of standard input, or two hidden answers: what stands among arguments is seen by others."""
    from bot.platforms.zalo.client.tokens import TokenPair

    if sys.stdin.isatty():
        given = [click.prompt(words, hide_input=True) for words in ("Access token", "Refresh token")]
    else:
        given = [line.strip() for line in sys.stdin.read().splitlines() if line.strip()]
    if len(given) != 2 or any(len(token.split()) != 1 for token in given):
        raise Trouble(
            "cần đúng hai dòng: access token rồi refresh token",
            "two lines are needed: the access token, then the refresh token",
        )
    account.tokens.adopt(TokenPair(given[0], given[1]))


def _standing(account: Account) -> dict[str, Any]:
    """The tokens as we keep them and the account as Zalo tells of it; what Zalo refuses is told too."""
    from bot.platforms.zalo.advice import TROUBLES, advice
    from bot.platforms.zalo.client.tokens import RenewalFailed

    found: dict[str, Any] = dict.fromkeys(STATUS) | {"lost": False, "oa_id": account.options.oa_id}
    try:
        account.tokens.load()
        kept = account.tokens.status()
        if kept is None:
            raise RenewalFailed("no_pair", final=True)
        found |= kept
        told = account.client.get_oa().get("data")
    except TROUBLES as refused:
        found["trouble"] = " / ".join(advice(refused))
        found["lost"] = found["lost"] or (isinstance(refused, RenewalFailed) and refused.final)
        return found
    account_facts = told if isinstance(told, dict) else {}
    return found | {name: account_facts.get(name) for name in ACCOUNT_FACTS}
