"""Plays about channels: the whole of a report from any to any, a week of silence, another channel, new tokens."""

import re

from bot.sandbox.play.stage import LAN, NAM, PATIENCE, Cast, PlayStopped, Stage
from bot.sandbox.play.steps import RESULT, answers, closes, judges, reports, takes


def from_photo_to_rating(stage: Stage, cast: Cast) -> str:
    """The whole of one report by a citizen of either platform."""
    name, chat = LAN if cast.citizens == "telegram" else NAM
    someone = stage.actor(name, chat, chat)
    officer = stage.officer(cast.agency)
    code = reports(someone, cast.agency)
    takes(officer, code)
    return closes(officer, someone, code)


def closed_window(stage: Stage, cast: Cast) -> str:
    """The person has said nothing for a week: the result waits, the agency knows, one word lets it come."""
    nam = stage.actor(NAM[0], NAM[1], NAM[1])
    officer = stage.officer(cast.agency)
    code = reports(nam, cast.agency)
    takes(officer, code)
    stage.skips("+8d", "OA không nhắn được nữa / the OA may not write any more")
    answers(officer, code)
    officer.sees("Chưa chuyển được tin", code)
    nam.does("chào", lambda: nam.person.says("chào"))
    nam.hears_each(RESULT, "Xin chào")
    nam.picks("Rất hài lòng", code)
    nam.hears("Cảm ơn", code)
    return code


def other_channel(stage: Stage, cast: Cast) -> str:
    """The same week of silence, but the person has linked Zalo with Telegram: the result arrives there."""
    client = stage.client
    on_zalo, on_telegram = client.zalo("people", names=["Lê Thị Hoa"])["people"][0], client.add_people("Lê Thị Hoa")[0]
    hoa, elsewhere = (
        stage.actor(f"Hoa ({name})", chat, chat) for name, chat in (("Zalo", on_zalo), ("Telegram", on_telegram))
    )
    officer = stage.officer(cast.agency)
    code = reports(hoa, cast.agency)
    hoa.does("/lienket", lambda: hoa.person.says("/lienket"))
    found = re.search(r"/lienket (\S+)", hoa.hears("Mã liên kết")["text"])
    if found is None:
        raise PlayStopped("no code to link with")
    elsewhere.does(found[0], lambda: elsewhere.person.says(found[0]))
    elsewhere.hears("Đã liên kết hai tài khoản")
    takes(officer, code)
    stage.skips("+8d", "OA không nhắn được nữa / the OA may not write any more")
    return closes(officer, elsewhere, code)


def new_tokens(stage: Stage, cast: Cast) -> str:
    """Zalo's access token runs out in the midst of a report; the program renews it, and nobody notices."""
    nam = stage.actor(NAM[0], NAM[1], NAM[1])
    officer = stage.officer(cast.agency)
    code = reports(nam, cast.agency)
    before = _renewals(stage)
    stage.write("(mã truy cập Zalo hết hạn / Zalo's access token runs out)")
    stage.client.zalo("tokens", do="expire")
    takes(officer, code)
    _until_renewed(stage, before)
    stage.skips("+26h", "mã truy cập chỉ sống 25 giờ / an access token lives 25 hours")
    answers(officer, code)
    judges(nam, code)
    _until_renewed(stage, before + 1)
    return code


def _until_renewed(stage: Stage, before: int) -> None:
    try:
        count = stage.client.wait_for(lambda world: world.zalo["tokens"]["refreshes"] > before, PATIENCE)
    except TimeoutError:
        raise PlayStopped("the tokens of Zalo were not renewed") from None
    stage.write(f"(cặp mã đã đổi {_renewals(stage)} lần / renewed {_renewals(stage)} times)" if count else "")


def _renewals(stage: Stage) -> int:
    return int(stage.client.look().zalo["tokens"]["refreshes"])
