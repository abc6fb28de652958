"""The page `/zalo/callback`, to which the browser of the OA's administrator comes back from consent."""

from __future__ import annotations

import structlog
from flask import Blueprint, Response, request

from bot.options import ZALO_CALLBACK
from bot.wiring import World

log = structlog.get_logger()

DONE = (
    "OA đã cấp quyền. Có thể đóng trang này.",
    "The OA has granted access. This page may be closed.",
)
# The address holds a code: it is kept nowhere and told to no other site.
HEADERS = {"Referrer-Policy": "no-referrer", "Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}


def zalo_callback(world: World) -> Blueprint:
    """The blueprint; a world without the account answers 404."""
    blueprint = Blueprint("zalo_callback", __name__)

    @blueprint.get(ZALO_CALLBACK)
    def callback() -> Response:
        # Asked for once in the life of an account: no web process should carry the client for it.
        from bot.platforms.zalo.advice import TROUBLES, advice
        from bot.zalo_account import open_account

        with open_account(world.settings, world.store, world.clock) as account:
            if account is None:
                return _page(("Không có trang này.", "There is no such page."), 404)
            try:
                account.consent.finish(*(request.args.get(name, "") for name in ("code", "state", "oa_id")))
            except TROUBLES as refused:
                log.warning("zalo.consent_refused", code=getattr(refused, "code", type(refused).__name__))
                return _page(advice(refused), 400)
        log.info("zalo.consent_given")
        return _page(DONE, 200)

    return blueprint


def _page(words: tuple[str, str], status: int) -> Response:
    return Response("\n".join(words) + "\n", status, headers=HEADERS, content_type="text/plain; charset=utf-8")
