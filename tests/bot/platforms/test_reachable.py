"""Every platform can be asked whether it is there, and says in our own words that it is not."""

from datetime import UTC, datetime

import pytest

from bot.platforms.registry import Around, PlainOptions, TelegramOptions, ZaloBotOptions, ZaloOptions, build
from bot.settings import Settings
from bot.words import catalogue
from handlers.ports import SendLater, SendUnknown

NOWHERE = "http://127.0.0.1:9"  # a port at which nothing listens
OPTIONS = {
    "telegram": TelegramOptions(token="1000001:abc", api_url=NOWHERE),
    "zalo": ZaloOptions(app_id="1", oa_id="2", app_secret="s", oa_secret_key="k", access_token="a", refresh_token="r",
                        api_url=NOWHERE, oauth_url=NOWHERE),
    "zalo-bot": ZaloBotOptions(token="t", api_url=NOWHERE),
    "plain": PlainOptions(),
}  # fmt: skip


@pytest.mark.parametrize("name", list(OPTIONS))
def test_a_platform_that_is_away_says_so(name):
    settings = Settings()
    words = catalogue.load(settings.words, settings.province.zone)
    platform = build(OPTIONS[name], Around(words, lambda: datetime(2026, 11, 23, tzinfo=UTC)))
    if name == "plain":
        platform.far_end.down = "timed_out"
    try:
        with pytest.raises((SendLater, SendUnknown)):
            platform.me()
    finally:
        platform.close()
