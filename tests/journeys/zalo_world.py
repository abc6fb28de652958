"""The journeys' world on Zalo: people speak by signed webhooks of the Official Account, and see what its API was told.

Nothing is in between but the real platform with its real client over HTTP; the far end keeps Zalo's limits. Choices
are typed by their numbers or pressed as payloads, in a group with the code of the case: there are no buttons there.
"""

from __future__ import annotations

import itertools
import json
from pathlib import Path
from typing import Any

from bot import web, wiring
from bot.platforms.zalo.platform import Zalo
from bot.settings import Settings
from tests.bot.platforms.fake_zalo import ACCESS, FakeZalo
from tests.bot.platforms.zalo import payloads as zalo
from tests.world import World

HAPPENED = {"joined": "user_join_group", "left": "user_out_group", "added": "create_group", "removed": "disperse_group"}


class ZaloWorld(World):
    """A world whose people are all on Zalo."""

    name = "zalo"

    def __init__(self, url: str, folder: Path, **options: Any) -> None:
        super().__init__(url, folder)
        self.far_end = FakeZalo()
        here = {"api_url": self.far_end.url, "oauth_url": self.far_end.url}
        files = {"media_hosts": ("127.0.0.1",), "private_hosts": True}
        self.zalo = Zalo(zalo.options(access_token=ACCESS, **(here | files | options)), self.words, self.clock.now)
        self.tools.platforms["zalo"] = self.zalo  # type: ignore[index]
        built = wiring.World(
            settings=Settings(state_dir=folder, sandbox={"enabled": False}),
            engine=self.store.engine,
            store=self.store,
            clock=self.clock,
            words=self.words,
            platforms=self.tools.platforms,
            doors=self.tools.platforms,
            tools=self.tools,
            redis_url=None,
        )
        self.web = web.create_app(built).test_client()
        self._numbers = itertools.count(1)

    def close(self) -> None:
        self.zalo.close()
        self.far_end.stop()
        super().close()

    # --- what people do ----------------------------------------------------------------------------------------------

    def line(self, chat: str, user: str, *, settle: bool = True, **said: Any) -> None:
        """What the text-only platform's line means, as Zalo tells it."""
        self.clock.forward(seconds=1)
        if said.get("group"):
            self.far_end.members.setdefault(chat, [])
            if user not in self.far_end.members[chat]:
                self.far_end.members[chat].append(user)
        assert self.post(self.event(chat, user, **said)) == 200
        if settle:
            self.settle()

    def photo(self, chat: str, user: str, content: bytes, text: str = "", **said: Any) -> None:
        path = f"/media/{next(self._numbers)}.jpg"
        self.far_end.files[path] = content
        self.line(chat, user, text=text, attachment=("image", {"url": f"{self.far_end.url}{path}"}), **said)

    def event(self, chat: str, user: str, **said: Any) -> dict[str, Any]:
        """The event that tells of it. A private chat goes by its person's id."""
        base = zalo.event("", at=int(self.clock.now().timestamp() * 1000))
        if "happened" in said and not said.get("group"):
            name = "follow" if said["happened"] == "added" else "unfollow"
            return base | {"event_name": name, "oa_id": zalo.OA, "follower": {"id": chat}}
        sender, place = {"id": user if said.get("group") else chat}, {"id": chat if said.get("group") else zalo.OA}
        if said.get("name") and said.get("group"):
            sender["name"] = said["name"]
        base |= {"sender": {} if said.get("anonymous") else sender, "recipient": place}
        if said.get("group"):
            base["oa_id"] = zalo.OA
        if "happened" in said:
            return base | {"event_name": HAPPENED[said["happened"]]}
        kind, message = "text", {"msg_id": f"m-in-{next(self._numbers)}", "text": said.get("text", "")}
        if "press" in said:
            message["text"] = f"#{said['press']}"
        if "place" in said:
            lat, lon = map(str, said["place"])
            said["attachment"] = ("location", {"coordinates": {"latitude": lat, "longitude": lon}})
        if "attachment" in said:
            kind, payload = said["attachment"]
            message |= zalo.attached(kind, **payload)
        if said.get("reply_to"):
            message["quote_msg_id"] = said["reply_to"]
        prefix = "user_send_group_" if said.get("group") else "user_send_"
        return base | {"event_name": f"{prefix}{kind}", "message": message}

    def post(self, body: dict[str, Any] | bytes, headers: dict[str, str] | None = None) -> int:
        """A delivery to our webhook, signed unless ``headers`` say otherwise; the status of the answer."""
        raw = body if isinstance(body, bytes) else zalo.raw(body)
        proof = zalo.signed(raw) if headers is None else headers
        answer = self.web.post("/hooks/zalo", data=raw, headers=proof, content_type="application/json")
        return answer.status_code

    # --- what they see -----------------------------------------------------------------------------------------------

    def said(self, chat: str) -> list[str]:
        """As on the text-only platform, where a picture is spoken of."""
        return [one.text or "📷 Ảnh kèm theo: 1" for one in self.far_end.shown if one.chat == chat]

    def inbox(self) -> list[tuple[str, str]]:
        """(status, event) of everything that was kept, in order."""
        with self.store.read() as uow:
            rows = uow.connection.plain.exec_driver_sql(
                "select status, payload from inbox where kind = 'delivery' order by id"
            )
            return [(status, json.loads(payload)["event_name"]) for status, payload in rows]
