"""The Official Account of the sandbox: its ids and secrets, made once and kept in the state folder.

What an administrator copies from the developer console is here in one piece, so that the program is set up as it
would be with a real account: app, secrets, OA, first pair of tokens, and the asset that groups are made with.
"""

import json
import os
import secrets
from dataclasses import asdict, dataclass
from pathlib import Path
from uuid import uuid4

from bot.sandbox import clock

FILE = "sandbox-zalo"
# Behind the address of the web server: the hosts openapi.zalo.me, oauth.zaloapp.com, business.openapi.zalo.me, and
# the hosts of photos and files.
PREFIX = "/sandbox/zalo"
API, OAUTH, BUSINESS, MEDIA = f"{PREFIX}/api", f"{PREFIX}/oauth", f"{PREFIX}/business", f"{PREFIX}/media"
HOOK = "/hooks/zalo"  # what is entered as the webhook in the console

OA_NAME = "Phản Ánh Huế (thử)"
TOKEN_BYTES = 96


@dataclass(frozen=True)
class Account:
    """Everything that the program is given about the account; `issued_at` is in seconds of the sandbox's clock."""

    app_id: str
    app_secret: str
    oa_secret_key: str
    oa_id: str
    access_token: str
    refresh_token: str
    gmf_asset_id: str
    issued_at: float


def account(state_dir: Path) -> Account:
    """The account of this sandbox; of two processes starting at once one makes it and both read the same."""
    path = state_dir / FILE
    if not path.exists():
        _make(path, _fresh(clock.now(state_dir).timestamp()))
    return Account(**json.loads(path.read_text("ascii")))


def token() -> str:
    """A new token, as long as the real ones are."""
    return secrets.token_urlsafe(TOKEN_BYTES)


def digits(count: int) -> str:
    """An id as Zalo makes them: digits only, above 2^53, so that nobody may treat it as a number."""
    return str(10 ** (count - 1) + secrets.randbelow(9 * 10 ** (count - 1)))


def _fresh(now: float) -> Account:
    return Account(
        app_id=digits(19),
        app_secret=secrets.token_urlsafe(15),
        oa_secret_key=secrets.token_urlsafe(15),
        oa_id=digits(19),
        access_token=token(),
        refresh_token=token(),
        gmf_asset_id=secrets.token_hex(10),
        issued_at=now,
    )


def _make(path: Path, made: Account) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_name(f"{path.name}.{uuid4().hex}")
    fresh.touch(mode=0o600)
    fresh.write_text(json.dumps(asdict(made)), "ascii")
    try:
        os.link(fresh, path)
    except FileExistsError:
        pass
    finally:
        fresh.unlink()
