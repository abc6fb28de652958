"""The vault: seals what must not lie open in the store or in a backup of it, and opens it again."""

from __future__ import annotations

import base64
import binascii
import secrets
from collections.abc import Sequence

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

MARK = "v1."  # how something sealed begins: AES-256-GCM, the name of its row sealed with it
KEY = 32  # bytes
NONCE = 12  # bytes


class BadSeal(Exception):
    """It cannot be opened: sealed with another secret or for another name, or damaged."""


class Vault:
    """Seals with the first secret; opens what any of them has sealed, so that a secret can be changed."""

    def __init__(self, secrets_: Sequence[str], purpose: str) -> None:
        """Raises ValueError without a secret: an empty one would only look like a seal."""
        if not secrets_ or not all(secrets_):
            raise ValueError("a vault needs a secret")
        self._keys = [AESGCM(_derive(secret, purpose)) for secret in secrets_]

    def seal(self, name: str, text: str) -> str:
        """``text``, to be opened again only as ``name``."""
        nonce = secrets.token_bytes(NONCE)
        sealed = self._keys[0].encrypt(nonce, text.encode(), name.encode())
        return MARK + base64.urlsafe_b64encode(nonce + sealed).decode("ascii")

    def open(self, name: str, sealed: str) -> str:
        """What was sealed as ``name``. Raises BadSeal."""
        try:
            raw = base64.urlsafe_b64decode(sealed.removeprefix(MARK))
        except (binascii.Error, ValueError):
            raise BadSeal(name) from None
        for key in self._keys if sealed.startswith(MARK) and len(raw) > NONCE else ():
            try:
                return key.decrypt(raw[:NONCE], raw[NONCE:], name.encode()).decode()
            except InvalidTag:
                continue
        raise BadSeal(name)


def _derive(secret: str, purpose: str) -> bytes:
    return HKDF(algorithm=SHA256(), length=KEY, salt=None, info=purpose.encode()).derive(secret.encode())
