"""The intake on aiogram: states and data in Redis; an update at a time, or a hundred chats in one event loop."""

from __future__ import annotations

import asyncio
import json
import sys
import time
from collections.abc import AsyncGenerator
from pathlib import Path
from typing import Any

from aiogram import Bot, Dispatcher, F, Router
from aiogram.client.session.base import BaseSession
from aiogram.filters import StateFilter
from aiogram.fsm.context import FSMContext
from aiogram.fsm.state import State, StatesGroup
from aiogram.fsm.storage.redis import RedisStorage
from aiogram.methods import GetFile, TelegramMethod
from aiogram.types import CallbackQuery, File, InlineKeyboardButton, InlineKeyboardMarkup, Message
from feed import (
    ASK_CATEGORY,
    ASK_CONSENT,
    ASK_PLACE,
    ASK_SEND,
    ASK_WORDS,
    CATEGORY,
    CONSENT,
    OPEN_CHATS,
    SEND,
    SENT,
    Feed,
    Photos,
    Register,
    finish,
)


class Report(StatesGroup):
    """Where a conversation stands."""

    agree = State()
    place = State()
    words = State()
    choose = State()
    confirm = State()


class Sink(BaseSession):
    """A session whose requests go nowhere and come back at once; files come from memory."""

    def __init__(self, photos: Photos) -> None:
        super().__init__()
        self._photos = photos

    async def make_request(self, bot: Bot, method: TelegramMethod[Any], timeout: int | None = None) -> Any:
        """Done; a file's address is its id."""
        if isinstance(method, GetFile):
            return File(file_id=method.file_id, file_unique_id=method.file_id, file_path=method.file_id)
        return True

    async def stream_content(self, url: str, *_: Any, **__: Any) -> AsyncGenerator[bytes, None]:
        """The photo of this address."""
        yield self._photos.at_the_far_end(url.rpartition("/")[2])

    async def close(self) -> None:
        """Nothing to close."""


router = Router()


def keyboard(**buttons: str) -> InlineKeyboardMarkup:
    """One row of buttons."""
    row = [InlineKeyboardButton(text=text, callback_data=data) for data, text in buttons.items()]
    return InlineKeyboardMarkup(inline_keyboard=[row])


@router.message(StateFilter(None), F.photo)
async def photo(message: Message, state: FSMContext, bot: Bot, photos: Photos) -> None:
    """The first message: its photo is fetched and kept."""
    assert message.photo
    content = await bot.download(message.photo[-1])
    assert content
    await state.update_data(photo=photos.keep(content.read()))
    await state.set_state(Report.agree)
    await bot.send_message(message.chat.id, ASK_CONSENT, reply_markup=keyboard(yes="Đồng ý", no="Không"))


@router.callback_query(Report.agree, F.data.regexp(CONSENT))
async def agree(query: CallbackQuery, state: FSMContext, bot: Bot) -> None:
    """Consent."""
    await query.answer()
    await state.update_data(consent=1)
    await state.set_state(Report.place)
    await bot.send_message(query.from_user.id, ASK_PLACE)


@router.message(Report.place, F.location)
async def place(message: Message, state: FSMContext, bot: Bot) -> None:
    """The pin."""
    assert message.location
    await state.update_data(lat=message.location.latitude, lon=message.location.longitude)
    await state.set_state(Report.words)
    await bot.send_message(message.chat.id, ASK_WORDS)


@router.message(Report.words, F.text)
async def words(message: Message, state: FSMContext, bot: Bot) -> None:
    """What is wrong."""
    await state.update_data(words=message.text)
    await state.set_state(Report.choose)
    buttons = keyboard(lighting="Chiếu sáng", other="Khác")
    await bot.send_message(message.chat.id, ASK_CATEGORY, reply_markup=buttons)


@router.callback_query(Report.choose, F.data.regexp(CATEGORY).as_("chosen"))
async def choose(query: CallbackQuery, state: FSMContext, bot: Bot, chosen: Any) -> None:
    """The category."""
    await query.answer()
    data = await state.update_data(category=chosen[1])
    await state.set_state(Report.confirm)
    await bot.send_message(query.from_user.id, ASK_SEND.format(**data), reply_markup=keyboard(send="Gửi"))


@router.callback_query(Report.confirm, F.data.regexp(SEND))
async def confirm(query: CallbackQuery, state: FSMContext, bot: Bot, register: Register) -> None:
    """Sent."""
    await query.answer()
    code = register.keep(await state.get_data())
    await state.clear()
    await bot.send_message(query.from_user.id, SENT.format(code=code))


async def run(feed: Feed, folder: Path, redis_url: str, side_by_side: bool) -> None:
    """Feed every chat's updates in order: a hundred chats at once, or one update at a time among the hundred."""
    storage = RedisStorage.from_url(redis_url)
    dispatcher = Dispatcher(storage=storage)
    dispatcher.include_router(router)
    register, photos = Register(folder / "reports.jsonl"), Photos(folder)
    bot = Bot("1000001:benchmark", session=Sink(photos))

    async def work(text: str) -> None:
        await dispatcher.feed_raw_update(bot, json.loads(text), register=register, photos=photos)

    async def one_chat_after_another() -> None:
        while (updates := feed.next()) is not None:
            for text in updates:
                await work(text)

    begun = time.perf_counter()
    if side_by_side:
        await asyncio.gather(*(one_chat_after_another() for _ in range(OPEN_CHATS)))
    else:
        for text in feed.in_turn():
            await work(text)
    finish(feed, register, photos, begun)
    await storage.close()


if __name__ == "__main__":
    asyncio.run(run(Feed(Path(sys.argv[1])), Path(sys.argv[2]), sys.argv[3], "--side-by-side" in sys.argv))
