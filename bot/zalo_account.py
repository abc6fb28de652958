"""The Official Account as commands and checks use it: its client, its tokens, its options, opened for one purpose."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime

from bot.options import ZALO_CALLBACK, options_of, token_secrets
from bot.platforms.zalo.client.oa import Client
from bot.platforms.zalo.consent import Consent
from bot.platforms.zalo.door import ZaloOptions
from bot.platforms.zalo.platform import client_of
from bot.platforms.zalo.tokens import PURPOSE, StoredTokens
from bot.settings import Settings
from bot.wiring import zalo_tokens
from handlers.ports import Clock
from storage.unit_of_work import Store
from storage.vault import Vault
from workflows.frozen import frozen


@frozen
class Account:
    """One Official Account, ready to be asked."""

    settings: Settings
    options: ZaloOptions
    client: Client
    tokens: StoredTokens
    consent: Consent
    now: Callable[[], datetime]

    @property
    def callback(self) -> str | None:
        """The address that must stand in Zalo's console; None without a public address."""
        public = self.settings.web.public_url
        return f"{public.rstrip('/')}{ZALO_CALLBACK}" if public else None


def chosen(settings: Settings) -> ZaloOptions | None:
    """The options of the account; None where Zalo is not on."""
    return next((one for one in options_of(settings) if isinstance(one, ZaloOptions)), None)


@contextmanager
def open_account(settings: Settings, store: Store, clock: Clock) -> Iterator[Account | None]:
    """The account of these settings; None where Zalo is not on."""
    options = chosen(settings)
    if options is None:
        yield None
        return
    tokens = zalo_tokens(settings, options, store, clock)
    client = client_of(options, clock.now, tokens)
    verifier = settings.zalo_oa.code_verifier
    consent = Consent(
        client,
        tokens,
        store,
        Vault(token_secrets(settings, options), PURPOSE),
        clock.now,
        options.oa_id,
        verifier.get_secret_value() if verifier else "",
    )
    try:
        yield Account(settings, options, client, tokens, consent, clock.now)
    finally:
        client.close()
