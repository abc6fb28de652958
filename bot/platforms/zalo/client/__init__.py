"""The package `client`: Zalo's Official Account and template APIs, under the names of PyPI zalo-sdk 0.3.0."""

from bot.platforms.zalo.client.base import BaseClient
from bot.platforms.zalo.client.errors import (
    ZaloException,
    ZaloHTTPException,
    ZaloOAAuthTokenExpiredException,
    ZaloOAException,
    ZaloOAuthException,
)
from bot.platforms.zalo.client.tokens import RenewalFailed, TokenKeeper, TokenPair
from bot.platforms.zalo.client.transport import NotSent

__all__ = [
    "BaseClient",
    "NotSent",
    "RenewalFailed",
    "TokenKeeper",
    "TokenPair",
    "ZaloException",
    "ZaloHTTPException",
    "ZaloOAAuthTokenExpiredException",
    "ZaloOAException",
    "ZaloOAuthException",
]
