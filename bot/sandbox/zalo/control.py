"""The control API's part for Zalo, under `/sandbox/api/zalo`: the console of the account, as a person uses it.

GET  /sandbox/api/zalo                 → {account: {id, name, webhook: {url, on, error}, pending, tokens: {refreshes,
                                          access_seconds}, quota: {count, spent}}, limits}
POST /sandbox/api/zalo/limits  {name: value, …}   → {limits}; the names are in bot/sandbox/zalo/limits.py
POST /sandbox/api/zalo/webhook {"url"?}           → {account}; tries the address and turns it on
POST /sandbox/api/zalo/tokens  {"do": "revoke" | "expire" | "pair"}  → {account}, and with `pair` the new pair
POST /sandbox/api/zalo/people  {"names": ["…", …]}                   → {people: [id, …]}
POST /sandbox/api/zalo/visitors {}                                   → {visitor}: id at the web widget, and its chat
POST /sandbox/api/zalo/assets  {"kind"?}                             → {asset_id}, good for one more group
GET  /sandbox/api/zalo/media/ID        a file that was sent
"""

import json
from collections.abc import Callable

from flask import Blueprint, Response, request, send_from_directory

from bot.sandbox.errors import ActError
from bot.sandbox.store import Json, Store, Tx, is_utf8
from bot.sandbox.zalo import delivery, limits, media, tokens, view, world
from bot.sandbox.zalo.account import account

SHOWABLE = ("image/jpeg", "image/png", "image/webp", "image/gif", "video/mp4", "audio/ogg")


def add_routes(pages: Blueprint, store: Store) -> None:
    """Hang the routes on the page's blueprint, whose guard and headers hold for them too."""
    owner = account(store.state_dir)

    @pages.get("/api/zalo")
    def zalo_account() -> Response:
        with store.read() as tx:
            return _json({"account": view.about(tx, owner), "limits": limits.read(tx)})

    @pages.post("/api/zalo/limits")
    def zalo_limits() -> Response:
        return _change(store, lambda tx, body: {"limits": limits.change(tx, body)})

    @pages.post("/api/zalo/webhook")
    def zalo_webhook() -> Response:
        with store.read() as tx:
            url = str(_body().get("url") or tx.fact("zalo_webhook", {}).get("url", ""))
        try:
            delivery.set_webhook(store, url, probe=True)
        except delivery.NoWebhook as fault:
            raise ActError(f"the webhook does not answer the probe with 200: {fault}") from fault
        with store.read() as tx:
            return _json({"account": view.about(tx, owner)})

    @pages.post("/api/zalo/tokens")
    def zalo_tokens() -> Response:
        return _change(store, lambda tx, body: {**_with_tokens(tx, body), "account": view.about(tx, owner)})

    @pages.post("/api/zalo/people")
    def zalo_people() -> Response:
        return _change(store, lambda tx, body: {"people": [world.add_person(tx, str(name)) for name in body["names"]]})

    @pages.post("/api/zalo/visitors")
    def zalo_visitors() -> Response:
        return _change(store, lambda tx, _: {"visitor": world.add_visitor(tx)})

    @pages.post("/api/zalo/assets")
    def zalo_assets() -> Response:
        return _change(store, _new_asset)

    @pages.get("/api/zalo/media/<file_id>")
    def zalo_media(file_id: str) -> Response:
        with store.read() as tx:
            row = media.find(tx, file_id)
            if row is None:
                return _json({"error": "no such file"}, 404)
            showable = row["mime"] in SHOWABLE
            return send_from_directory(
                tx.media_dir,
                row["digest"],
                mimetype=row["mime"] if showable else "application/octet-stream",
                as_attachment=not showable,
                download_name=row["name"],
                max_age=86400,
            )


def _with_tokens(tx: Tx, body: Json) -> Json:
    match body.get("do"):
        case "revoke":
            tokens.revoke(tx)
        case "expire":
            tokens.expire_access(tx)
        case "pair":
            return tokens.new_pair(tx)
        case _:
            raise ActError("do is revoke, expire or pair")
    return {}


def _new_asset(tx: Tx, body: Json) -> Json:
    kind = str(body.get("kind") or "gmf50")
    if kind not in world.ASSETS:
        raise ActError(f"kind is one of {', '.join(world.ASSETS)}")
    asset_id = f"{tx.next('zalo_assets'):020x}"
    return {"asset_id": world.add_asset(tx, asset_id, auto_renew=False, kind=kind)}


def _change(store: Store, work: Callable[[Tx, Json], Json]) -> Response:
    body = _body()
    try:
        with store.write() as tx:
            return _json(work(tx, body))
    except (KeyError, TypeError, ValueError) as fault:
        raise ActError(str(fault)) from fault


def _body() -> Json:
    body = request.get_json(silent=True)
    if not isinstance(body, dict) or not is_utf8(body):
        raise ActError("a JSON object is expected")
    return body


def _json(body: Json, status: int = 200) -> Response:
    return Response(json.dumps(body, ensure_ascii=False), status, mimetype="application/json")
