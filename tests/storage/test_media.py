"""The media store keeps the same promises in a folder and in a real S3-speaking server."""

import hashlib
import os
import socket
import stat
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest
import requests
from moto.server import ThreadedMotoServer

from storage.media import BadMediaUrl, BucketStore, FolderStore, MediaGone, MediaStore, MediaUnreachable, open_store
from tests.at_once import at_once

PHOTO = b"\xff\xd8 a photo \xff\xd9" * 1000
KEY = hashlib.sha256(PHOTO).hexdigest()


@pytest.fixture(scope="module")
def s3_address() -> Iterator[str]:
    """A real server on the loopback that speaks S3, with an empty bucket."""
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    address = f"http://{host}:{port}"
    assert requests.put(f"{address}/photos", timeout=10).ok
    yield address
    server.stop()


@pytest.fixture
def s3_keys(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "made-up")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "made-up")


@pytest.fixture
def unused_port() -> Iterator[int]:
    """A port that nobody answers on while the test runs."""
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        yield held.getsockname()[1]


@pytest.fixture
def folder_url(tmp_path: Path) -> str:
    return f"file://{tmp_path}/media"


@pytest.fixture
def s3_url(s3_address: str, s3_keys: None, request: pytest.FixtureRequest) -> str:
    return f"s3://photos/{request.node.name.split('[')[0]}?endpoint={s3_address}"


@pytest.fixture(params=["folder", "s3"])
def store(request: pytest.FixtureRequest) -> MediaStore:
    return open_store(request.getfixturevalue(f"{request.param}_url"))


def test_what_is_kept_comes_back(store):
    assert store.put(PHOTO) == KEY
    assert store.get(KEY) == PHOTO


def test_keeping_twice_is_keeping_once(store):
    assert store.put(PHOTO) == store.put(PHOTO) == KEY
    store.delete(KEY)
    with pytest.raises(MediaGone):
        store.get(KEY)


def test_nothing_is_kept_under_an_unknown_key(store):
    with pytest.raises(MediaGone):
        store.get("0" * 64)


def test_deleting_what_is_not_there_is_no_error(store):
    store.delete("0" * 64)


def test_nothing_at_all_can_be_kept(store):
    assert store.get(store.put(b"")) == b""


@pytest.mark.parametrize("key", ["../../etc/passwd", "", "A" * 64, KEY[:-1], f"{KEY}/x", f"{KEY}\n"])
def test_what_is_no_key_reaches_no_file(store, key):
    with pytest.raises(MediaGone):
        store.get(key)
    with pytest.raises(MediaGone):
        store.delete(key)


def test_many_at_once_keep_one_whole_file(store):
    content = os.urandom(300_000)
    at_once(*[partial(store.put, content)] * 8)
    assert store.get(hashlib.sha256(content).hexdigest()) == content


def test_files_are_named_by_their_hash_and_private(tmp_path):
    FolderStore(tmp_path / "media").put(PHOTO)
    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert files == [tmp_path / "media" / KEY[:2] / KEY]
    assert stat.S_IMODE(files[0].stat().st_mode) == 0o600


def test_a_write_that_fails_leaves_nothing_behind(tmp_path, monkeypatch):
    def full(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    store = FolderStore(tmp_path)
    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(MediaUnreachable, match="No space"):
        store.put(PHOTO)
    monkeypatch.undo()
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []
    assert store.put(PHOTO) == KEY


def test_a_folder_that_cannot_be_used_is_told(tmp_path):
    (tmp_path / "media").write_text("a file in the way", encoding="utf-8")
    store = FolderStore(tmp_path / "media")
    with pytest.raises(MediaUnreachable):
        store.put(PHOTO)
    with pytest.raises(MediaUnreachable):
        store.get(KEY)
    with pytest.raises(MediaUnreachable):
        store.delete(KEY)


def test_objects_lie_under_the_prefix_of_the_url(s3_address, s3_keys):
    open_store(f"s3://photos/of/hue?endpoint={s3_address}&region=ap-southeast-1").put(PHOTO)
    assert f"<Key>of/hue/{KEY}</Key>" in requests.get(f"{s3_address}/photos", timeout=10).text
    assert not requests.get(f"{s3_address}/photos/of/hue/{KEY}", timeout=10).ok, "readable without a signature"


def test_a_store_that_refuses_is_no_loss(s3_address, s3_keys):
    store = open_store(f"s3://no-such-bucket/x?endpoint={s3_address}")
    with pytest.raises(MediaUnreachable) as refused:
        store.put(PHOTO)
    assert s3_address not in str(refused.value)


def test_a_store_that_is_away_is_no_loss(s3_keys, unused_port):
    store = open_store(f"s3://photos/x?endpoint=http://127.0.0.1:{unused_port}")
    for use in (lambda: store.put(PHOTO), lambda: store.get(KEY), lambda: store.delete(KEY)):
        with pytest.raises(MediaUnreachable):
            use()


def test_the_url_chooses_the_store(folder_url, s3_url):
    assert isinstance(open_store(folder_url), FolderStore)
    assert isinstance(open_store(s3_url), BucketStore)


@pytest.mark.parametrize(
    "url",
    [
        "",
        "./var/media",
        "file:///",
        "file://host/folder",
        "ftp://host/folder",
        "s3:///prefix",
        "s3://bucket/x?secret=abc",
        "s3://key:secret@bucket/x",
    ],
)
def test_a_url_that_cannot_be_used_is_refused_without_its_secrets(url):
    with pytest.raises(BadMediaUrl) as refused:
        open_store(url)
    assert "abc" not in str(refused.value)
    assert "key:secret" not in str(refused.value)
