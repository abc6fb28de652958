"""One process that renews, run as a program by the race: store, OAuth server and how to end come by arguments."""

import json
import os
import signal
import sys
import time
from datetime import UTC, datetime

from bot.platforms.zalo.client.oa import Client
from bot.platforms.zalo.client.tokens import TokenPair
from bot.platforms.zalo.tokens import PURPOSE, StoredTokens
from storage.db import open_engine
from storage.unit_of_work import Store
from storage.vault import Vault

SECRET = "app-secret-1"


def keeper(url: str, alarm=lambda *_: None, **options) -> tuple[StoredTokens, Store]:
    """The stored tokens over a database, sealed as everybody seals them here."""
    store = Store(open_engine(url))
    now = options.pop("now", lambda: datetime.now(UTC))
    return StoredTokens(store, Vault([SECRET], PURPOSE), now, alarm=alarm, **options), store


def main(database: str, far: str, refused: str, die: str) -> None:
    """Say on a line that we are ready, wait for one, renew once, say which tokens we have; say when we wait."""

    def wait(seconds: float) -> None:
        print("waiting", flush=True)
        time.sleep(seconds)

    tokens, store = keeper(database, sleep=wait)
    client = Client("app-1", SECRET, endpoint_prefix=far, oauth_prefix=far, tokens=tokens)

    def ask(spent: TokenPair) -> TokenPair:
        fresh = client.ask_for_pair(spent)
        if die == "die":
            os.kill(os.getpid(), signal.SIGKILL)  # between the answer and its being kept
        return fresh

    print("ready", flush=True)
    sys.stdin.readline()
    pair = tokens.renew(refused, ask)
    print(json.dumps([pair.access_token, pair.refresh_token]), flush=True)
    client.close()
    store.engine.dispose()


if __name__ == "__main__":
    main(*sys.argv[1:])
