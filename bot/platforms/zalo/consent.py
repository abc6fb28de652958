"""Consent: how the Official Account first grants us tokens, with a proof key (PKCE) made anew for each consent.

An administrator opens a link, agrees, and the browser comes back to our callback with a code that is good once and
for ten minutes (zalo.md, 2.1). What the code is exchanged with waits sealed in the store, so that any process may
take the answer.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import secrets
from collections.abc import Callable
from datetime import datetime, timedelta
from urllib.parse import parse_qs, urlsplit

from bot.platforms.zalo.client.oa import Client
from bot.platforms.zalo.client.tokens import TokenPair
from bot.platforms.zalo.tokens import StoredTokens
from storage.unit_of_work import Store
from storage.vault import BadSeal, Vault

NAME = "zalo_oa.consent"
OPEN = timedelta(hours=1)  # how long a link may be answered


class ConsentRefused(Exception):
    """The answer cannot be taken: ``code`` is ``no_code``, ``no_consent``, ``too_late`` or ``other_oa``."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class Consent:
    """Begins consents and takes their answers."""

    def __init__(
        self,
        client: Client,
        tokens: StoredTokens,
        store: Store,
        vault: Vault,
        now: Callable[[], datetime],
        oa_id: str,
        fixed_verifier: str = "",
    ) -> None:
        """``fixed_verifier``: the one that belongs to the challenge in the console; "" makes one for each consent."""
        self._client = client
        self._tokens = tokens
        self._store = store
        self._vault = vault
        self._now = now
        self._oa_id = oa_id
        self._fixed = fixed_verifier

    def begin(self, callback: str) -> str:
        """The link that an administrator of the OA opens; an earlier one is good no longer."""
        state, verifier = secrets.token_urlsafe(16), self._fixed or new_verifier()
        until = (self._now() + OPEN).timestamp()
        self._keep({"state": state, "verifier": verifier, "until": until})
        return self._client.request_authorization_code_url(callback, challenge_of(verifier), state)

    def finish(self, code: str, state: str, oa_id: str) -> None:
        """Exchange a code for the first pair and keep it. An answer is taken once.

        Raises ConsentRefused, and like every call of the client.
        """
        if not code:
            raise ConsentRefused("no_code")
        if oa_id and self._oa_id and oa_id != self._oa_id:
            raise ConsentRefused("other_oa")
        verifier = self._verifier(state)
        access, refresh, expire_at = self._client.get_access_token_from_authorization_code(code, verifier)
        self._tokens.adopt(TokenPair(access, refresh, expire_at))

    def finish_at(self, address: str) -> None:
        """The same, from the whole address to which the browser came back."""
        asked = parse_qs(urlsplit(address.strip()).query)
        code, state, oa_id = (asked.get(name, [""])[0] for name in ("code", "state", "oa_id"))
        self.finish(code, state, oa_id)

    def _verifier(self, state: str) -> str:
        """The verifier that waits for this answer, which is thereby taken.

        The link that the console itself makes has no state of ours: it goes with the fixed verifier only.
        """
        if not state and self._fixed:
            return self._fixed
        with self._store.write() as uow:
            tokens = uow.tokens
            kept = tokens.find(NAME)
            waiting = json.loads(self._opened(kept.value)) if kept is not None else {}
            if kept is None or not waiting or not hmac.compare_digest(waiting["state"].encode(), state.encode()):
                raise ConsentRefused("no_consent")
            if not tokens.replace(NAME, kept.version, self._vault.seal(NAME, "{}"), self._now()):
                raise ConsentRefused("no_consent")  # somebody else has taken it just now
        if waiting["until"] < self._now().timestamp():
            raise ConsentRefused("too_late")
        return str(waiting["verifier"])

    def _opened(self, sealed: str) -> str:
        try:
            return self._vault.open(NAME, sealed)
        except BadSeal:
            return "{}"

    def _keep(self, waiting: dict[str, object]) -> None:
        sealed = self._vault.seal(NAME, json.dumps(waiting))
        done = False
        while not done:
            now = self._now()
            with self._store.write() as uow:
                tokens = uow.tokens
                kept = tokens.find(NAME)
                if kept is None:
                    done = tokens.add(NAME, sealed, now)
                else:
                    done = tokens.replace(NAME, kept.version, sealed, now)


def new_verifier() -> str:
    """43 characters: 32 random bytes (php-sdk, java-sdk)."""
    return _unpadded(secrets.token_bytes(32))


def challenge_of(verifier: str) -> str:
    """RFC 7636, S256."""
    return _unpadded(hashlib.sha256(verifier.encode("ascii")).digest())


def _unpadded(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode("ascii")
