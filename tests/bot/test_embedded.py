"""The embedded servers start, are adopted after a killed parent, stop in order, and lose nothing."""

import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import psycopg
import pytest
import redis

from bot.embedded import folders, postgres, valkey
from bot.embedded.folders import LONGEST_SOCKET_PATH, make_private, socket_folder
from bot.embedded.postgres import PostgresServer
from bot.embedded.valkey import ValkeyError, ValkeyServer, socket_url

PARENT = """
import sys, time
from pathlib import Path
from bot.embedded.{module} import {name}
print({name}(Path(sys.argv[1])).start(), flush=True)
time.sleep(600)
"""


def start_in_a_parent_and_kill_it(module: str, name: str, folder: Path) -> str:
    """Let another process start the server, kill that process, and return the URL that it printed."""
    command = [sys.executable, "-c", PARENT.format(module=module, name=name), str(folder)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout is not None
        url = parent.stdout.readline().strip()
        parent.kill()
    assert url
    return url


def wait_until_gone(server: ValkeyServer | PostgresServer) -> None:
    deadline = time.monotonic() + 20
    while server.pid is not None:
        assert time.monotonic() < deadline, "the server is still there"


@pytest.fixture
def folder(tmp_path_factory, server_folder, request) -> Path:
    """A folder short enough for a socket, of one test."""
    made = server_folder / f"{request.node.name[:24]}-{os.getpid()}"
    made.mkdir()
    return made


@pytest.fixture
def server(folder):
    server = ValkeyServer(folder)
    yield server
    server.stop()


def test_valkey_keeps_what_it_was_told_over_an_orderly_stop(server):
    with redis.Redis.from_url(server.start()) as client:
        client.set("chuông", "reo")
    server.stop()
    assert server.pid is None
    with redis.Redis.from_url(server.start()) as client:
        assert client.get("chuông") == b"reo"


def test_valkey_listens_on_a_private_socket_only(server):
    with redis.Redis.from_url(server.start()) as client:
        config = client.config_get()
    assert config["port"] == "0"
    assert config["maxmemory-policy"] == "noeviction"
    assert (config["appendonly"], config["appendfsync"]) == ("yes", "everysec")
    assert server.socket.stat().st_mode & 0o077 == 0
    assert server.folder.stat().st_mode & 0o077 == 0


def test_valkey_stands_in_a_session_of_its_own(server):
    server.start()
    assert os.getsid(server.pid) != os.getsid(0)


def test_valkey_is_adopted_after_its_parent_was_killed(server, folder):
    url = start_in_a_parent_and_kill_it("valkey", "ValkeyServer", folder)
    pid = server.pid
    assert pid is not None
    assert server.start() == url
    assert server.pid == pid, "a second server was started beside the first"
    server.stop()
    assert socket_url(folder) is None


def test_valkey_starts_again_after_it_was_killed_itself(server):
    with redis.Redis.from_url(server.start()) as client:
        client.set("k", "v")
        client.execute_command("WAITAOF", 1, 0, 5000)  # on disk, whatever the second of grace
    pid = server.pid
    os.kill(pid, signal.SIGKILL)
    wait_until_gone(server)
    with redis.Redis.from_url(server.start()) as client:
        assert client.get("k") == b"v"
    assert server.pid != pid


def test_valkey_is_stopped_and_replaced_by_who_started_it_though_its_socket_was_deleted(server):
    server.start()
    first = server.pid
    server.socket.unlink()
    assert server.pid is None
    server.start()
    assert server.pid not in (None, first)
    assert not Path(f"/proc/{first}").exists()
    second = server.pid
    server.socket.unlink()
    server.stop()
    assert not Path(f"/proc/{second}").exists()


def test_two_that_start_at_once_share_one_valkey(server, folder):
    code = "import sys; from pathlib import Path; from bot.embedded.valkey import ValkeyServer as V\n"
    code += "v = V(Path(sys.argv[1])); v.start(); print(v.pid)"
    both = [subprocess.Popen([sys.executable, "-c", code, str(folder)], stdout=subprocess.PIPE) for _ in "ab"]
    pids = {process.communicate()[0].strip() for process in both}
    assert pids == {str(server.pid).encode()}


def test_the_url_is_known_to_processes_started_apart_only_while_it_runs(server, folder):
    assert socket_url(folder) is None
    url = server.start()
    assert socket_url(folder) == url
    server.stop()
    assert socket_url(folder) is None


def test_a_silent_holder_of_the_socket_is_an_error_that_names_it(server, folder, monkeypatch):
    server.start()
    pid = server.pid
    monkeypatch.setattr(valkey, "ANSWER_SECONDS", 0.1)
    os.kill(pid, signal.SIGSTOP)
    try:
        with pytest.raises(ValkeyError, match=r"valkey\.sock"):
            ValkeyServer(folder).start()
    finally:
        os.kill(pid, signal.SIGCONT)


def test_a_system_without_the_binary_is_told_to_set_a_url(server, monkeypatch):
    monkeypatch.setattr(valkey.importlib.util, "find_spec", lambda name: None)
    with pytest.raises(ValkeyError, match="BOT_REDIS__URL"):
        server.start()


def test_a_failed_start_quotes_the_server(server):
    (server.folder / "appendonlydir").parent.mkdir(parents=True)
    (server.folder / "appendonlydir").write_text("in the way")
    with pytest.raises(ValkeyError, match="appendonlydir"):
        server.start()


def test_a_long_state_folder_gets_a_short_socket_that_everyone_finds(folder):
    deep = folder / ("thư-mục-rất-dài-" * 8)
    server = ValkeyServer(deep)
    try:
        url = server.start()
        assert len(os.fsencode(server.socket)) <= LONGEST_SOCKET_PATH
        assert socket_url(deep) == url
        assert server.socket.parent.stat().st_mode & 0o077 == 0
        with redis.Redis.from_url(url) as client:
            assert client.ping()
    finally:
        server.stop()
        server.socket.parent.rmdir()


def test_state_folders_do_not_share_a_short_socket(tmp_path):
    one, two = (socket_folder(tmp_path / (letter * 120), "s") for letter in "ab")
    assert one != two


def test_a_link_in_place_of_the_private_folder_is_refused(tmp_path):
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "real")
    with pytest.raises(PermissionError):
        make_private(tmp_path / "link")


def test_spaces_and_letters_in_the_path_survive_the_url(folder):
    server = ValkeyServer(folder / "phản ánh 100%")
    try:
        with redis.Redis.from_url(server.start()) as client:
            assert client.ping()
    finally:
        server.stop()


def test_postgres_gives_each_test_its_own_empty_database(postgres_url, postgres_server):
    assert postgres_url != postgres_server.url("postgres")
    with psycopg.connect(postgres_url.replace("+psycopg", "")) as connection:
        tables = "SELECT count(*) FROM information_schema.tables WHERE table_schema = 'public'"
        assert connection.execute(tables).fetchone() == (0,)
        assert connection.execute("SHOW server_encoding").fetchone() == ("UTF8",)
        assert connection.execute("SHOW listen_addresses").fetchone() == ("",)
        assert connection.execute("SHOW timezone").fetchone() == ("UTC",)


def test_postgres_copies_a_template(postgres_server):
    source = postgres_server.create_database("source")
    with psycopg.connect(source.replace("+psycopg", "")) as connection:
        connection.execute("CREATE TABLE lamps (id int)")
    copy = postgres_server.create_database("copy", template="source")
    with psycopg.connect(copy.replace("+psycopg", "")) as connection:
        assert connection.execute("SELECT count(*) FROM lamps").fetchone() == (0,)
    for name in ("source", "copy"):
        postgres_server.drop_database(name)


def test_durable_postgres_is_adopted_after_its_parent_was_killed_and_stops(folder):
    url = start_in_a_parent_and_kill_it("postgres", "PostgresServer", folder)
    server = PostgresServer(folder)
    try:
        assert server.start() == url
        pid = server.pid
        with psycopg.connect(url.replace("+psycopg", "")) as connection:
            assert connection.execute("SHOW fsync").fetchone() == ("on",)
        assert server.start() == url
        assert server.pid == pid
    finally:
        server.stop()
    assert server.pid is None


@pytest.mark.skipif(os.getuid() != 0, reason="only root has to step down to another user")
class TestAsRoot:
    def test_the_server_is_not_root(self, postgres_server):
        assert Path(f"/proc/{postgres_server.pid}").stat().st_uid != 0

    def test_a_state_folder_that_nobody_may_enter_is_left_as_it_is(self, folder):
        folder.chmod(0o700)
        server = PostgresServer(folder, fsync=False)
        try:
            url = server.start()
            assert not server.folder.is_relative_to(folder)
            assert server.start() == url, "the second look finds the same place"
            assert folder.stat().st_mode & 0o777 == 0o700
            assert folder.stat().st_uid == 0
        finally:
            server.stop()
            shutil.rmtree(server.folder)

    def test_binaries_out_of_reach_are_copied_once(self, monkeypatch, tmp_path):
        monkeypatch.setattr(postgres, "READABLE_PLACE", tmp_path)
        copy = postgres._readable_copy(postgres.find_binaries())
        assert copy == postgres._readable_copy(postgres.find_binaries())
        assert len(list(tmp_path.iterdir())) == 1
        done = subprocess.run([copy / "postgres", "--version"], capture_output=True, text=True)
        assert done.stdout.startswith("postgres (PostgreSQL)")


def test_short_folders_say_whose_they_are(tmp_path):
    assert str(os.getuid()) in folders.short_folder(tmp_path).name
