"""The pair of tokens: an access token of 25 hours and a refresh token that works once."""

import base64
import hashlib
import hmac

from bot.sandbox.store import Json, Tx
from bot.sandbox.zalo import limits
from bot.sandbox.zalo.account import Account, token
from bot.sandbox.zalo.errors import OauthError, ZaloError


def begin(tx: Tx, account: Account) -> None:
    """The first pair, as the console gave it out."""
    _keep_pair(tx, account.access_token, account.refresh_token, account.issued_at)


def check(tx: Tx, account: Account, given: str | None, proof: str | None) -> None:
    """Raises ZaloError -216, -220 or -242 for a call that may not be made."""
    row = tx.one("SELECT * FROM zalo_tokens WHERE token = ? AND kind = 'access'", given or "")
    if row is None:
        raise ZaloError(-216)
    if row["state"] != "good":
        raise ZaloError(-220)
    if row["expires"] < tx.now:
        raise ZaloError(-216, "Access token has expired")
    wanted = hmac.new(account.app_secret.encode(), row["token"].encode(), hashlib.sha256).hexdigest()
    if (proof is not None or limits.read(tx)["proof"]) and not hmac.compare_digest(wanted, proof or ""):
        raise ZaloError(-242)


def refresh(tx: Tx, given: str) -> Json:
    """A new pair for a refresh token, which is spent by it; the access token before stops working too.

    Raises OauthError for one that is unknown, spent or older than three months.
    """
    row = tx.one("SELECT * FROM zalo_tokens WHERE token = ? AND kind = 'refresh'", given)
    if row is None or row["state"] != "good":
        raise OauthError(-14014, "Invalid refresh token", "Refresh token is invalid or was used already")
    if row["expires"] < tx.now:
        raise OauthError(-14012, "Refresh token expired", "Refresh token has expired")
    _retire(tx, "spent")
    tx.keep_fact("zalo_refreshes", tx.fact("zalo_refreshes", 0) + 1)
    return new_pair(tx)


def new_pair(tx: Tx) -> Json:
    """A pair in the shape of the wire: the lifetime is a text of seconds. Any other pair stops working."""
    _retire(tx, "replaced")
    access, renew = token(), token()
    _keep_pair(tx, access, renew, tx.now)
    lifetime = str(int(limits.read(tx)["access_seconds"]))
    return {"access_token": access, "refresh_token": renew, "expires_in": lifetime}


def revoke(tx: Tx) -> None:
    """The administrators of the OA take its permission from the app."""
    _retire(tx, "revoked")


def expire_access(tx: Tx) -> None:
    """The access token is at the end of its life; the refresh token still works."""
    tx.run("UPDATE zalo_tokens SET expires = ? WHERE kind = 'access' AND state = 'good'", tx.now - 1)


def make_code(tx: Tx, challenge: str) -> str:
    """A code that the consent page hands to the callback; works once and for ten minutes."""
    code = token()
    expires = tx.now + limits.read(tx)["code_minutes"] * 60
    tx.run(
        "INSERT INTO zalo_tokens (token, kind, issued, expires, extra) VALUES (?, 'code', ?, ?, ?)",
        code,
        tx.now,
        expires,
        challenge,
    )
    return code


def exchange(tx: Tx, code: str, verifier: str) -> Json:
    """A pair for a code. Raises OauthError when the code is spent or old, or the verifier does not belong to it."""
    row = tx.one("SELECT * FROM zalo_tokens WHERE token = ? AND kind = 'code'", code)
    if row is None or row["state"] != "good" or row["expires"] < tx.now:
        raise OauthError(-14019, "Invalid authorization code", "Authorization code is invalid or has expired")
    tx.run("UPDATE zalo_tokens SET state = 'spent' WHERE token = ?", code)
    if row["extra"] and not hmac.compare_digest(row["extra"], challenge_of(verifier)):
        raise OauthError(-14010, "Invalid code verifier", "Code verifier does not match the code challenge")
    return new_pair(tx)


def challenge_of(verifier: str) -> str:
    """RFC 7636, S256."""
    return base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()


def seen(tx: Tx) -> Json:
    """For the page: how often the pair was renewed, and until when the access token works (seconds)."""
    row = tx.one("SELECT * FROM zalo_tokens WHERE kind = 'access' AND state = 'good' ORDER BY issued DESC LIMIT 1")
    left = None if row is None else max(0, int(row["expires"] - tx.now))
    return {"refreshes": tx.fact("zalo_refreshes", 0), "access_seconds": left}


def _retire(tx: Tx, how: str) -> None:
    tx.run("UPDATE zalo_tokens SET state = ? WHERE state = 'good' AND kind IN ('access', 'refresh')", how)


def _keep_pair(tx: Tx, access: str, renew: str, at: float) -> None:
    in_force = limits.read(tx)
    for kind, made, lifetime in (
        ("access", access, in_force["access_seconds"]),
        ("refresh", renew, in_force["refresh_days"] * 86400),
    ):
        tx.run(
            "INSERT OR IGNORE INTO zalo_tokens (token, kind, issued, expires) VALUES (?, ?, ?, ?)",
            made,
            kind,
            at,
            at + lifetime,
        )
