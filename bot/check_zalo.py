"""Checking the Official Account: access, the account itself, and its groups, as Zalo and our store see them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from bot import gmf
from bot.platforms.zalo.advice import TROUBLES, Trouble, advice
from bot.platforms.zalo.client.tokens import RenewalFailed
from bot.platforms.zalo.door import NAME
from bot.problems import Problem
from bot.settings import Settings
from bot.zalo_account import Account, open_account
from handlers import made_groups
from handlers.ports import Clock
from storage.unit_of_work import Store

ACCESS = "zalo_oa.access_token"
ACCOUNT = "zalo_oa"
GROUPS = "zalo groups"
UNRENEWED = timedelta(days=7)  # a chain that has not moved for so long is about to break (zalo.md, 2.3)


def check_zalo(settings: Settings, store: Store, clock: Clock) -> Iterator[Problem]:
    """Every problem of the account; nothing where Zalo is not on. Asks Zalo, and renews access if it has to."""
    with open_account(settings, store, clock) as account:
        if account is None:
            return
        try:
            yield from _access(account)
            yield from _account(account)
            yield from _groups(account, store)
        except TROUBLES as refused:
            yield _problem(ACCOUNT, refused)


def _access(account: Account) -> Iterator[Problem]:
    account.tokens.load()
    found = account.tokens.status()
    if found is None:
        raise RenewalFailed("no_pair", final=True)
    if found["lost"]:
        raise RenewalFailed(found["last_failure"], final=True)
    if found["failures"]:
        yield Problem(
            ACCESS,
            f"gia hạn không thành {found['failures']} lần liền ({found['last_failure']}); hệ thống vẫn thử lại",
            f"renewal failed {found['failures']} times in a row ({found['last_failure']}); it is tried again",
            "warning",
        )
    elif account.now() - found["since"] > UNRENEWED:
        yield Problem(
            ACCESS,
            "quyền truy cập đã hơn 7 ngày không được gia hạn: tiến trình tick có chạy không?",
            "access was not renewed for more than 7 days: does the process tick run?",
            "warning",
        )


def _account(account: Account) -> Iterator[Problem]:
    told = account.client.get_oa().get("data")
    found: dict[str, Any] = told if isinstance(told, dict) else {}
    oa_id = str(found.get("oaid") or found.get("oa_id") or "")
    if oa_id and oa_id != account.options.oa_id:
        yield Problem(
            "zalo_oa.oa_id",
            f"quyền truy cập là của OA {oa_id}, không phải {account.options.oa_id}",
            f"access is that of OA {oa_id}, not of {account.options.oa_id}",
        )
    if found.get("is_verified") is False:
        yield Problem(ACCOUNT, "OA chưa được xác thực", "the OA is not verified", "warning")


def _groups(account: Account, store: Store) -> Iterator[Problem]:
    with store.read() as uow:
        owners = made_groups.owners(uow, NAME)
    if not owners:
        return  # nobody has a group there: the account may have no right to ask for them
    zone = account.settings.province.zone
    found = {group.id: group for group in gmf.groups(account.client, zone)}
    for chat, code in owners.items():
        group = found.get(chat)
        if group is None:
            yield Problem(GROUPS, f"{code}: OA không còn nhóm này", f"{code}: the OA has this group no longer")
        elif group.lapsed:
            yield Problem(
                GROUPS,
                f"{code}: nhóm “{group.name}” đã hết hạn hoặc bị khóa; hãy gia hạn trong OA Manager",
                f"{code}: the group “{group.name}” has lapsed; renew it in OA Manager",
            )
        else:
            yield from _end(code, group, account.now(), zone.utcoffset(None))


def _end(code: str, group: gmf.MadeGroup, now: datetime, offset: timedelta) -> Iterator[Problem]:
    if group.ends is None:
        yield Problem(
            GROUPS,
            f"{code}: Zalo không cho biết nhóm “{group.name}” hết hạn khi nào; hãy xem trong OA Manager",
            f"{code}: Zalo does not say when the group “{group.name}” lapses; see OA Manager",
            "warning",
        )
    elif group.lapses_soon(now):
        last = (group.ends + offset).strftime("%d/%m/%Y %H:%M")
        yield Problem(
            GROUPS,
            f"{code}: nhóm “{group.name}” hết hạn lúc {last}; hãy gia hạn gói {group.asset}",
            f"{code}: the group “{group.name}” lapses at {last}; renew its package {group.asset}",
            "warning",
        )


def _problem(where: str, refused: Trouble) -> Problem:
    vi, en = advice(refused)
    return Problem(ACCESS if isinstance(refused, RenewalFailed) else where, vi, en)
