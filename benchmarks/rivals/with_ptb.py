"""The intake on python-telegram-bot: ConversationHandler and PicklePersistence, flushed after each update."""

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
    Register,
    finish,
)
from telegram import InlineKeyboardButton, InlineKeyboardMarkup, Update, User
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
from telegram.warnings import PTBUserWarning

AGREE, PLACE, WORDS, CHOOSE, CONFIRM = range(5)
Context = ContextTypes.DEFAULT_TYPE


class Sink(ExtBot[None]):
    """A bot whose sends go nowhere and come back at once."""

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


def keyboard(**buttons: str) -> InlineKeyboardMarkup:
    """One row of buttons."""
    return InlineKeyboardMarkup([[InlineKeyboardButton(text, callback_data=data) for data, text in buttons.items()]])


async def _say(update: Update, context: Context, text: str, **more: Any) -> None:
    assert update.effective_chat
    await context.bot.send_message(update.effective_chat.id, text, **more)


async def photo(update: Update, context: Context) -> int:
    """The first message."""
    assert update.message and context.user_data is not None
    context.user_data["photo"] = update.message.photo[-1].file_id
    await _say(update, context, ASK_CONSENT, reply_markup=keyboard(yes="Đồng ý", no="Không"))
    return AGREE


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


async def confirm(update: Update, context: Context) -> int:
    """Sent."""
    assert update.callback_query and context.user_data is not None
    await update.callback_query.answer()
    code = context.bot_data["register"].keep(dict(context.user_data))
    context.user_data.clear()
    await _say(update, context, SENT.format(code=code))
    return ConversationHandler.END


def conversation() -> ConversationHandler[CallbackContext[Any, Any, Any, Any]]:
    """The steps."""
    return ConversationHandler(
        entry_points=[MessageHandler(filters.PHOTO, photo)],
        states={
            AGREE: [CallbackQueryHandler(agree, CONSENT)],
            PLACE: [MessageHandler(filters.LOCATION, place)],
            WORDS: [MessageHandler(filters.TEXT, words)],
            CHOOSE: [CallbackQueryHandler(choose, CATEGORY)],
            CONFIRM: [CallbackQueryHandler(confirm, SEND)],
        },
        fallbacks=[],
        name="report",
        persistent=True,
    )


async def run(feed: Feed, folder: Path) -> None:
    """Feed every update and write the state down after each."""
    # One write an update: kinder than the default, which writes the whole file once for every changed part.
    kept = PersistenceInput(bot_data=False, chat_data=False, callback_data=False)
    persistence = PicklePersistence(folder / "state.pickle", store_data=kept, on_flush=True)
    register = Register(folder / "reports.jsonl")
    application = Application.builder().bot(Sink("1000001:benchmark")).persistence(persistence).build()
    application.add_handler(conversation())
    await application.initialize()
    application.bot_data["register"] = register
    begun = time.perf_counter()
    for text in feed.in_turn():
        update = Update.de_json(json.loads(text), application.bot)
        await application.process_update(update)
        if update.callback_query and update.callback_query.data.endswith(":send"):
            application.drop_user_data(update.callback_query.from_user.id)
        await application.update_persistence()
        await persistence.flush()
    finish(feed, register, begun)


if __name__ == "__main__":
    warnings.filterwarnings("ignore", category=PTBUserWarning)  # of mixed handlers, as every form with buttons has
    asyncio.run(run(Feed(Path(sys.argv[1])), Path(sys.argv[2])))
