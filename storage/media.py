"""Photos, videos and voice notes by the hash of their content: in a local folder, or in any S3-compatible store."""

from __future__ import annotations

import hashlib
import os
import re
import tempfile
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Protocol
from urllib.parse import SplitResult, parse_qs, unquote, urlsplit

if TYPE_CHECKING:
    from obstore.store import S3Store

_KEY = re.compile(r"[0-9a-f]{64}")
_S3_OPTIONS = ("endpoint", "region")


class MediaGone(LookupError):
    """Nothing is kept under this key, or no longer."""


class MediaUnreachable(OSError):
    """The store did not answer or refused: try again later. Says nothing about what is kept."""


class BadMediaUrl(ValueError):
    """The setting of the media store cannot be used; the message is for administrators."""


class MediaStore(Protocol):
    """Where bytes are kept. A key is the SHA-256 of the content in hexadecimal, so keeping twice is keeping once."""

    def put(self, content: bytes) -> str:
        """Keep ``content`` durably and return its key. Raises MediaUnreachable."""
        ...

    def get(self, key: str) -> bytes:
        """The bytes kept under ``key``. Raises MediaGone or MediaUnreachable."""
        ...

    def delete(self, key: str) -> None:
        """Forget ``key``; not having it is no error. Raises MediaUnreachable."""
        ...


def open_store(url: str) -> MediaStore:
    """The store at ``url``: ``file:///folder`` or ``s3://bucket/prefix?endpoint=https://host&region=name``.

    Keys for S3 come from the environment (AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY), never from the URL. Raises
    BadMediaUrl.
    """
    parts = urlsplit(url)
    if parts.scheme == "file" and parts.netloc in ("", "localhost") and parts.path.strip("/"):
        return FolderStore(Path(unquote(parts.path)))
    if parts.scheme == "s3" and parts.hostname:
        return _s3_store(parts)
    raise BadMediaUrl(
        "Kho ảnh phải là file:///thư-mục hoặc s3://bucket/… / The media store must be file:///folder or s3://bucket/…"
    )


def key_of(content: bytes) -> str:
    """The key under which ``content`` is kept everywhere."""
    return hashlib.sha256(content).hexdigest()


class FolderStore:
    """Files in a folder, spread over 256 subfolders by the first letters of their keys."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def put(self, content: bytes) -> str:
        """Written beside its place, flushed to disk and moved there: a file is whole or not there at all."""
        key = key_of(content)
        path = self._path(key)
        if path.exists():
            return key
        try:
            _make_folder(path.parent)
            _write_whole(path, content)
        except OSError as error:
            raise MediaUnreachable(f"cannot write to the media folder: {error.strerror}") from error
        return key

    def get(self, key: str) -> bytes:
        """The whole file."""
        try:
            return self._path(key).read_bytes()
        except FileNotFoundError:
            raise MediaGone(key) from None
        except OSError as error:
            raise MediaUnreachable(f"cannot read from the media folder: {error.strerror}") from error

    def delete(self, key: str) -> None:
        """Remove the file; its folder stays."""
        path = self._path(key)
        try:
            path.unlink(missing_ok=True)
            if path.parent.is_dir():
                _flush(path.parent)
        except OSError as error:
            raise MediaUnreachable(f"the media folder does not let go of a file: {error.strerror}") from error

    def _path(self, key: str) -> Path:
        _checked(key)
        return self.folder / key[:2] / key


class BucketStore:
    """Objects in a bucket of an S3-compatible store."""

    def __init__(self, store: S3Store) -> None:
        import obstore  # megabytes that a local folder does without
        from obstore.exceptions import BaseError

        self.store = store
        self._client = obstore
        self._troubles = (BaseError, OSError)

    def put(self, content: bytes) -> str:
        """Sent whole; the store takes all of it or nothing."""
        key = key_of(content)
        try:
            self._client.put(self.store, key, content, use_multipart=False)
        except self._troubles as error:
            raise MediaUnreachable(_told(error)) from error
        return key

    def get(self, key: str) -> bytes:
        """The whole object."""
        try:
            return self._client.get(self.store, _checked(key)).bytes().to_bytes()
        except FileNotFoundError:
            raise MediaGone(key) from None
        except self._troubles as error:
            raise MediaUnreachable(_told(error)) from error

    def delete(self, key: str) -> None:
        """Deleting what is not there succeeds."""
        try:
            self._client.delete(self.store, _checked(key))
        except FileNotFoundError:
            return
        except self._troubles as error:
            raise MediaUnreachable(_told(error)) from error


def _s3_store(parts: SplitResult) -> BucketStore:
    from obstore.exceptions import BaseError
    from obstore.store import S3Store

    options = {name: values[-1] for name, values in parse_qs(parts.query).items()}
    unknown = sorted(set(options) - set(_S3_OPTIONS))
    if unknown:
        raise BadMediaUrl(f"Không hiểu / Not understood in the media URL: {', '.join(unknown)}")
    if parts.username or parts.password:
        raise BadMediaUrl("Đặt khóa S3 trong biến môi trường / Put the S3 keys into the environment, not into the URL")
    endpoint = options.get("endpoint")
    try:
        store = S3Store(
            parts.hostname,
            prefix=unquote(parts.path).strip("/") or None,
            endpoint=endpoint,
            region=options.get("region", "us-east-1"),
            client_options={"allow_http": bool(endpoint) and urlsplit(endpoint).scheme == "http", "timeout": "60s"},
            retry_config={"max_retries": 2, "retry_timeout": timedelta(seconds=20)},
        )
    except BaseError as error:
        raise BadMediaUrl(f"Không mở được kho ảnh / Cannot open the media store: {_told(error)}") from error
    return BucketStore(store)


def _checked(key: str) -> str:
    """Keys come from our own tables; anything else must not reach a file system."""
    if not _KEY.fullmatch(key):
        raise MediaGone("not a key")
    return key


def _told(error: Exception) -> str:
    """The kind of error; what the store says may hold addresses and names."""
    return type(error).__name__


def _write_whole(path: Path, content: bytes) -> None:
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=".new-")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
    _flush(path.parent)


def _make_folder(folder: Path) -> None:
    """Make a folder and its parents so that they are still there after a power cut."""
    if folder.is_dir():
        return
    _make_folder(folder.parent)
    folder.mkdir(exist_ok=True)
    _flush(folder.parent)


def _flush(folder: Path) -> None:
    """Write a folder's list of names to disk; without it a new name may be gone after a power cut."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
