"""The intake on aiogram: states and data in Redis, chats worked side by side in one event loop."""

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
from aiogram.methods import TelegramMethod
from aiogram.types import CallbackQuery, InlineKeyboardButton, InlineKeyboardMarkup, Message
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
    """A session whose requests go nowhere and come back at once."""

    async def make_request(self, bot: Bot, method: TelegramMethod[Any], timeout: int | None = None) -> Any:
        """Done."""
        return True

    async def stream_content(self, *_: Any, **__: Any) -> AsyncGenerator[bytes, None]:
        """Nothing is fetched here."""
        yield b""

    async def close(self) -> None:
        """Nothing to close."""


router = Router()


def keyboard(**buttons: str) -> InlineKeyboardMarkup:
    """One row of buttons."""
    row = [InlineKeyboardButton(text=text, callback_data=data) for data, text in buttons.items()]
    return InlineKeyboardMarkup(inline_keyboard=[row])


@router.message(StateFilter(None), F.photo)
async def photo(message: Message, state: FSMContext, bot: Bot) -> None:
    """The first message."""
    assert message.photo
    await state.update_data(photo=message.photo[-1].file_id)
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
    register = Register(folder / "reports.jsonl")
    bot = Bot("1000001:benchmark", session=Sink())

    async def one_chat_after_another() -> None:
        while (updates := feed.next()) is not None:
            for text in updates:
                await dispatcher.feed_raw_update(bot, json.loads(text), register=register)

    begun = time.perf_counter()
    if side_by_side:
        await asyncio.gather(*(one_chat_after_another() for _ in range(OPEN_CHATS)))
    else:
        for text in feed.in_turn():
            await dispatcher.feed_raw_update(bot, json.loads(text), register=register)
    finish(feed, register, begun)
    await storage.close()


if __name__ == "__main__":
    asyncio.run(run(Feed(Path(sys.argv[1])), Path(sys.argv[2]), sys.argv[3], "--side-by-side" in sys.argv))
