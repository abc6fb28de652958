"""What tests of platforms share: a few words, and a Bot API server with the real client before it."""

import pytest

from bot.platforms.telegram.client import Telegram
from bot.platforms.telegram.door import TelegramOptions
from bot.words.catalogue import Catalogue, read_texts
from tests.bot.platforms.fake_api import TOKEN, FakeApi

TEXTS = {
    "vi": {
        **read_texts()["vi"],
        "ask": "📷 Mời gửi ảnh",
        "said": "<b>Nội dung:</b> {text}",
        "bare": "{text}",
        "yes": "Đồng ý",
        "no": "Không",
    },
    "en": {
        **read_texts()["en"],
        "ask": "📷 Please send a photo",
        "said": "<b>Text:</b> {text}",
        "bare": "{text}",
        "yes": "Yes",
        "no": "No",
    },
}


@pytest.fixture(scope="session")
def words():
    return Catalogue(TEXTS, {"vi": {"address_form": "anh/chị"}})


@pytest.fixture
def api():
    server = FakeApi()
    yield server
    server.stop()


@pytest.fixture
def telegram(api, words):
    platform = Telegram(TelegramOptions(TOKEN, api.url, username="PhanAnhBot", read_timeout=5), words)
    yield platform
    platform.close()
