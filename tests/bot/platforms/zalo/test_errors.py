"""What each refusal means for a sender: every row of the documents' table, and what is no answer at all."""

import pytest
import requests

from bot.platforms.zalo import errors
from bot.platforms.zalo.client.errors import ZaloException, ZaloHTTPException, ZaloOAException
from bot.platforms.zalo.client.tokens import RenewalFailed
from bot.platforms.zalo.client.transport import NotSent
from handlers.ports import QuotaSpent, SendLater, SendNever, SendUnknown, WindowClosed

WINDOWS = (-230, -232, -305, -311)
QUOTAS = (-211, -218, -321)
CHATS = (-213, -222, -227, -237, -238, -241, -403)
NEVER = (-201, -210, -217, -233, -240, -244, -248, -249)
WHOLE = (-32, -124, -202, -204, -205, -207, -208, -215, -216, -219, -220, -221, -242, -1241)
LATER = (-100, -200, -209, -212, -223, -224, -234, -235, -320)


def fate(code):
    return errors.sort(ZaloOAException(code, "Đèn đường hỏng"))


@pytest.mark.parametrize("code", WINDOWS)
def test_silence_for_too_long_closes_the_window_and_loses_no_chat(code):
    assert isinstance(fate(code), WindowClosed) and not fate(code).chat_lost


@pytest.mark.parametrize("code", QUOTAS)
def test_what_is_used_up_waits_for_more(code):
    assert isinstance(fate(code), QuotaSpent) and fate(code).seconds >= 600


@pytest.mark.parametrize("code", CHATS)
def test_who_cannot_be_written_to_is_lost_until_they_write(code):
    assert isinstance(fate(code), SendNever) and fate(code).chat_lost


@pytest.mark.parametrize("code", [*NEVER, -999, -31])
def test_what_will_never_work_is_given_up_and_the_chat_kept(code):
    assert type(fate(code)) is SendNever and not fate(code).chat_lost


@pytest.mark.parametrize("code", WHOLE)
def test_trouble_of_the_account_holds_everybody_back(code):
    assert type(fate(code)) is SendLater and fate(code).whole_bot and fate(code).seconds >= 20


@pytest.mark.parametrize("code", LATER)
def test_trouble_of_one_call_holds_back_that_one(code):
    assert type(fate(code)) is SendLater and not fate(code).whole_bot


def test_every_number_that_we_have_words_for_has_a_meaning():
    known = set(ZaloOAException.ERROR_CODE_TO_STR) - {0, -214}  # -214 is about articles, which we do not write
    assert known <= set(errors.MEANINGS)
    assert set(errors.MEANINGS) == {*WINDOWS, *QUOTAS, *CHATS, *NEVER, *WHOLE, *LATER}


@pytest.mark.parametrize(
    ("error", "kind", "code"),
    [
        (ZaloHTTPException(200), SendUnknown, "strange_answer"),
        (ZaloHTTPException(404), SendUnknown, "http_404"),
        (ZaloHTTPException(502), SendUnknown, "server_error"),
        (ZaloHTTPException(429), SendLater, "too_many_requests"),
        (NotSent("x"), SendLater, "unreachable"),
        (requests.ReadTimeout("x"), SendUnknown, "timed_out"),
        (requests.ConnectionError("x"), SendUnknown, "broken_off"),
        (RenewalFailed("spent", final=True), SendLater, "token_refused"),
    ],
)
def test_what_is_no_answer_says_whether_it_may_have_gone_out(error, kind, code):
    sorted_one = errors.sort(error)
    assert type(sorted_one) is kind and sorted_one.code == code


@pytest.mark.parametrize("code", [*errors.MEANINGS, -999])
def test_nothing_of_what_was_said_is_in_the_error(code):
    assert "Đèn" not in str(fate(code)) and "Đèn" not in fate(code).code


def test_what_a_person_must_put_right_is_grave():
    assert all(errors.is_grave(ZaloException(code)) for code in (-216, -212, -248, -999))
    assert not any(errors.is_grave(ZaloException(code)) for code in (-32, -213, -230, -201))
    assert not errors.is_grave(ZaloHTTPException(500)) and not errors.is_grave(NotSent("x"))
