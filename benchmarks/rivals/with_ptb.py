"""The intake on python-telegram-bot: ConversationHandler and PicklePersistence, plain or with one write an update."""

from __future__ import annotations

import asyncio
import json
import sys
import time
import warnings
from pathlib import Path
from typing import Any

from feed import (
    ASK_CATEGORY,
    ASK_CONSENT,
    ASK_PLACE,
    ASK_SEND,
    ASK_WORDS,
    CATEGORY,
    CONSENT,
    SEND,
    SENT,
    Feed,
    Photos,
    Register,
    finish,
)
from telegram import File, InlineKeyboardButton, InlineKeyboardMarkup, Update, User
from telegram.ext import (
    Application,
    CallbackContext,
    CallbackQueryHandler,
    ContextTypes,
    ConversationHandler,
    ExtBot,
    MessageHandler,
    PersistenceInput,
    PicklePersistence,
    filters,
)
from telegram.request import BaseRequest
from telegram.warnings import PTBUserWarning

AGREE, PLACE, WORDS, CHOOSE, CONFIRM = range(5)
Context = ContextTypes.DEFAULT_TYPE


class Memory(BaseRequest):
    """Requests that never leave the process: each gives the photo whose address was asked for."""

    read_timeout = None

    def __init__(self, photos: Photos) -> None:
        self._photos = photos

    async def initialize(self) -> None:
        """Nothing to open."""

    async def shutdown(self) -> None:
        """Nothing to close."""

    async def do_request(self, url: str, *_: Any, **__: Any) -> tuple[int, bytes]:
        """The file at the end of the address."""
        return 200, self._photos.at_the_far_end(url.rpartition("/")[2])


class Sink(ExtBot[None]):
    """A bot whose sends go nowhere and come back at once; files come from memory."""

    def __init__(self, photos: Photos) -> None:
        super().__init__("1000001:benchmark", request=Memory(photos), get_updates_request=Memory(photos))

    async def initialize(self) -> None:
        """Knows itself without asking."""
        self._bot_user = User(1_000_001, "Bot", is_bot=True, username="benchmark_bot")
        self._initialized = True

    async def shutdown(self) -> None:
        """Nothing to close."""

    async def send_message(self, *_: Any, **__: Any) -> Any:
        """Sent."""

    async def answer_callback_query(self, *_: Any, **__: Any) -> bool:
        """Acknowledged."""
        return True

    async def get_file(self, file_id: Any, **_: Any) -> File:
        """A file whose address is its id."""
        file = File(file_id, file_id, file_path=f"{self.base_file_url}/{file_id}")
        file.set_bot(self)
        return file


class Intake:
    """The conversation's steps, and where photos and finished reports are kept."""

    def __init__(self, register: Register, photos: Photos) -> None:
        self._register = register
        self._photos = photos

    async def photo(self, update: Update, context: Context) -> int:
        """The first message: its photo is fetched and kept."""
        assert update.message and context.user_data is not None
        file = await update.message.photo[-1].get_file()
        context.user_data["photo"] = self._photos.keep(bytes(await file.download_as_bytearray()))
        await _say(update, context, ASK_CONSENT, reply_markup=keyboard(yes="Đồng ý", no="Không"))
        return AGREE

    async def confirm(self, update: Update, context: Context) -> int:
        """Sent."""
        assert update.callback_query and context.user_data is not None
        await update.callback_query.answer()
        code = self._register.keep(dict(context.user_data))
        context.user_data.clear()
        await _say(update, context, SENT.format(code=code))
        return ConversationHandler.END

    def conversation(self) -> ConversationHandler[CallbackContext[Any, Any, Any, Any]]:
        """The steps in their order."""
        return ConversationHandler(
            entry_points=[MessageHandler(filters.PHOTO, self.photo)],
            states={
                AGREE: [CallbackQueryHandler(agree, CONSENT)],
                PLACE: [MessageHandler(filters.LOCATION, place)],
                WORDS: [MessageHandler(filters.TEXT, words)],
                CHOOSE: [CallbackQueryHandler(choose, CATEGORY)],
                CONFIRM: [CallbackQueryHandler(self.confirm, SEND)],
            },
            fallbacks=[],
            name="report",
            persistent=True,
        )


def keyboard(**buttons: str) -> InlineKeyboardMarkup:
    """One row of buttons."""
    return InlineKeyboardMarkup([[InlineKeyboardButton(text, callback_data=data) for data, text in buttons.items()]])


async def _say(update: Update, context: Context, text: str, **more: Any) -> None:
    assert update.effective_chat
    await context.bot.send_message(update.effective_chat.id, text, **more)


async def agree(update: Update, context: Context) -> int:
    """Consent."""
    assert update.callback_query and context.user_data is not None
    await update.callback_query.answer()
    context.user_data["consent"] = 1
    await _say(update, context, ASK_PLACE)
    return PLACE


async def place(update: Update, context: Context) -> int:
    """The pin."""
    assert update.message and update.message.location and context.user_data is not None
    location = update.message.location
    context.user_data.update(lat=location.latitude, lon=location.longitude)
    await _say(update, context, ASK_WORDS)
    return WORDS


async def words(update: Update, context: Context) -> int:
    """What is wrong."""
    assert update.message and context.user_data is not None
    context.user_data["words"] = update.message.text
    await _say(update, context, ASK_CATEGORY, reply_markup=keyboard(lighting="Chiếu sáng", other="Khác"))
    return CHOOSE


async def choose(update: Update, context: Context) -> int:
    """The category."""
    assert update.callback_query and context.matches and context.user_data is not None
    await update.callback_query.answer()
    context.user_data["category"] = context.matches[0][1]
    await _say(update, context, ASK_SEND.format(**context.user_data), reply_markup=keyboard(send="Gửi"))
    return CONFIRM


def persistence_in(path: Path, one_write: bool) -> PicklePersistence[Any, Any, Any]:
    """With its default arguments; or so that only the flush writes, and only what this intake uses."""
    if not one_write:
        return PicklePersistence(path)
    used = PersistenceInput(bot_data=False, chat_data=False, callback_data=False)
    return PicklePersistence(path, store_data=used, on_flush=True)


async def run(feed: Feed, folder: Path, one_write: bool) -> None:
    """Feed every update and write the state down after each."""
    persistence = persistence_in(folder / "state.pickle", one_write)
    register, photos = Register(folder / "reports.jsonl"), Photos(folder)
    application = Application.builder().bot(Sink(photos)).persistence(persistence).build()
    application.add_handler(Intake(register, photos).conversation())
    await application.initialize()
    begun = time.perf_counter()
    for text in feed.in_turn():
        update = Update.de_json(json.loads(text), application.bot)
        await application.process_update(update)
        if update.callback_query and (update.callback_query.data or "").endswith(":send"):
            forget(application, update.callback_query.from_user.id)
        await application.update_persistence()
        await persistence.flush()
    finish(feed, register, photos, begun)


def forget(application: Application[Any, Any, Any, Any, Any, Any], person: int) -> None:
    """What is finished leaves the file, which so never holds more than the open chats."""
    application.drop_user_data(person)
    application.drop_chat_data(person)


if __name__ == "__main__":
    warnings.filterwarnings("ignore", category=PTBUserWarning)  # of mixed handlers, as every form with buttons has
    asyncio.run(run(Feed(Path(sys.argv[1])), Path(sys.argv[2]), "--one-write" in sys.argv))
