"""What is said about an error: never the token, never what people wrote."""

from datetime import timedelta

import pytest

from bot.platforms.telegram import errors
from tests.bot.platforms.fake_api import TOKEN


def test_tokens_are_blacked_out_wherever_they_stand():
    quoted = f"GET https://api.telegram.org/file/bot{TOKEN}/photos/a.jpg and again {TOKEN}"
    assert TOKEN not in errors.redact(quoted)
    assert errors.redact(quoted).startswith("GET https://api.telegram.org/file/bot<token>/photos/a.jpg")
    assert errors.redact("12:30, 5 < 6") == "12:30, 5 < 6"


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ("bad request: chat not found", "chat_not_found"),
        ("forbidden: bot was blocked by the user", "bot_was_blocked_by_the_user"),
        ('can\'t parse entities: unsupported start tag "bí mật"', "can_t_parse_entities"),
        ('strange "bí mật" here', "strange"),
        ("", "refused"),
    ],
)
def test_a_refusal_has_a_short_name_without_what_it_quotes(words, code):
    assert errors.code(words) == code


def test_a_waiting_time_is_read_in_both_forms():
    assert errors.seconds(7) == errors.seconds(timedelta(seconds=7)) == 7.0
