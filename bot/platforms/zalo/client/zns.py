"""The template client (ZNS): paid notices to a telephone number, under the names of PyPI zalo-sdk 0.3.0."""

from __future__ import annotations

import enum
from collections.abc import Mapping
from typing import Any, Unpack

from bot.platforms.zalo.client.base import Answer, BaseClient, Options

BUSINESS = "https://business.openapi.zalo.me"


class ZNSTemplateStatus(enum.Enum):
    """What has become of a template."""

    Enabled = 1
    PendingReview = 2
    Reject = 3
    Disabled = 4


class Client(BaseClient):
    """Templates of one OA. Every call returns the whole envelope and raises ZaloException when it is a refusal."""

    def __init__(
        self, app_id: str, secret_key: str, access_token: str = "", refresh_token: str = "", **kwargs: Unpack[Options]
    ) -> None:
        super().__init__(access_token, refresh_token, app_id, secret_key, **kwargs)
        self.endpoint_prefix = kwargs.get("endpoint_prefix", BUSINESS).rstrip("/")

    def get_template_list(self, offset: int, limit: int, status: ZNSTemplateStatus | None = None) -> Answer:
        """Templates, those of one status or all."""
        params = {"offset": offset, "limit": limit} | ({} if status is None else {"status": status.value})
        return self._call("GET", f"{self.endpoint_prefix}/template/all", params=params)

    def send_zns_message(
        self,
        contact_phone: str,
        template_id: str,
        template_data: Mapping[str, Any],
        tracking_id: str | None = None,
        dev_mode: bool = False,
    ) -> Answer:
        """Send a template to a number (84…); in development mode only to administrators of the OA."""
        body: dict[str, Any] = {
            "phone": contact_phone,
            "template_id": template_id,
            "template_data": dict(template_data),
        }
        if tracking_id is not None:
            body["tracking_id"] = tracking_id
        if dev_mode:
            body["mode"] = "development"
        return self._call("POST", f"{self.endpoint_prefix}/message/template", body=body)

    def _check(self, answer: Answer) -> None:
        self.check_zalo_zns_error(answer)
