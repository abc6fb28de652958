"""The methods of the Bot API that the sandbox knows, as one table."""

from collections.abc import Callable
from typing import Any

from bot.sandbox.call import Call
from bot.sandbox.methods import about, change, chats, hooks, send, topics

METHODS: dict[str, Callable[[Call], Any]] = {
    "getMe": hooks.get_me,
    "setWebhook": hooks.set_webhook,
    "deleteWebhook": hooks.delete_webhook,
    "getWebhookInfo": hooks.get_webhook_info,
    "sendMessage": send.send_message,
    "sendPhoto": send.send_file("photo"),
    "sendVideo": send.send_file("video"),
    "sendDocument": send.send_file("document"),
    "sendVoice": send.send_file("voice"),
    "sendMediaGroup": send.send_media_group,
    "sendLocation": send.send_location,
    "sendVenue": send.send_venue,
    "sendChatAction": send.send_chat_action,
    "copyMessage": send.copy_message,
    "forwardMessage": send.forward_message,
    "editMessageText": change.edit_message_text,
    "editMessageCaption": change.edit_message_caption,
    "editMessageReplyMarkup": change.edit_message_reply_markup,
    "editMessageMedia": change.edit_message_media,
    "deleteMessage": change.delete_message,
    "pinChatMessage": change.pin_message,
    "setMessageReaction": change.set_reaction,
    "answerCallbackQuery": change.answer_callback,
    "getFile": chats.get_file,
    "getChat": chats.get_chat,
    "getChatMember": chats.get_chat_member,
    "getChatAdministrators": chats.get_chat_administrators,
    "leaveChat": chats.leave_chat,
    "createForumTopic": topics.create_topic,
    "editForumTopic": topics.edit_topic,
    "closeForumTopic": topics.set_closed(True),
    "reopenForumTopic": topics.set_closed(False),
    "setMyCommands": about.keep("commands", 100, []),
    "getMyCommands": about.tell("commands", []),
    "setMyName": about.keep("name", 64),
    "getMyName": about.tell("name"),
    "setMyDescription": about.keep("description", 512),
    "getMyDescription": about.tell("description"),
    "setMyShortDescription": about.keep("short_description", 120),
    "getMyShortDescription": about.tell("short_description"),
}
# Methods are found whatever their case, as on the platform.
BY_LOWER_NAME = {name.lower(): method for name, method in METHODS.items()}
