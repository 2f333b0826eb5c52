import shutil
import signal
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import NullPool, create_engine, text

from tests.support import postgres
from tests.support.postgres import postgres_or_skip, postgres_server

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def server():
    with postgres_or_skip() as running:
        yield running


def test_answers_queries_in_utf8(server):
    with server.database() as url, connected(url) as connection:
        assert connection.scalar(text("SHOW server_encoding")) == "UTF8"
        assert connection.scalar(text("SELECT substr('牵手计划', 1, 2)")) == "牵手"


def test_gives_each_test_a_database_of_its_own(server):
    with server.database() as one, server.database() as other:
        with connected(one) as connection:
            connection.execute(text("CREATE TABLE mine (id int)"))
        with connected(other) as connection:
            assert connection.scalar(text("SELECT to_regclass('mine')")) is None


def test_copies_a_prepared_database(server):
    with server.database("prepared") as url:
        with connected(url) as connection:
            connection.execute(text("CREATE TABLE ready AS SELECT 7 AS id"))
        with server.database(template="prepared") as copy, connected(copy) as connection:
            assert connection.scalar(text("SELECT id FROM ready")) == 7


def test_drops_a_database_whose_connection_was_left_open(server):
    with server.database("busy") as url:
        left_open = create_engine(url, poolclass=NullPool).connect()
    with connected(server.url()) as connection:
        query = text("SELECT count(*) FROM pg_database WHERE datname = 'busy'")
        assert connection.scalar(query) == 0
    left_open.invalidate()
    left_open.close()


@pytest.mark.skipif(sys.platform != "linux", reason="以 /proc 查看进程，只在 Linux 上可行")
def test_leaves_nothing_behind():
    with postgres_or_skip() as server:
        pid = int((server.socket_dir / "data" / "postmaster.pid").read_text().split()[0])
        assert is_alive(pid)
    assert not server.socket_dir.exists()
    assert not is_alive(pid)


@pytest.mark.skipif(sys.platform != "linux", reason="只有 Linux 能让服务器随测试进程结束")
def test_does_not_outlive_a_killed_test_run(server):
    script = """
import time
from tests.support.postgres import postgres_server
with postgres_server() as server:
    print((server.socket_dir / "data" / "postmaster.pid").read_text().split()[0], flush=True)
    print(server.socket_dir, flush=True)
    time.sleep(60)
"""
    command = [sys.executable, "-c", script]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as run:
        pid = int(run.stdout.readline())
        socket_dir = Path(run.stdout.readline().strip())
        run.send_signal(signal.SIGKILL)
    for _ in range(100):
        if not is_alive(pid):
            break
        time.sleep(0.1)
    assert not is_alive(pid)
    shutil.rmtree(socket_dir)


def test_starts_from_a_directory_closed_to_others(server, tmp_path_factory, monkeypatch):
    closed = tmp_path_factory.mktemp("closed")
    shutil.copytree(postgres.find_postgres().parent, closed / "pg", symlinks=True)
    closed.chmod(0o700)
    monkeypatch.setenv("TEST_PG_BIN", str(closed / "pg" / "bin"))
    assert postgres.find_postgres() == closed / "pg" / "bin"
    with postgres_server() as other, other.database() as url, connected(url) as connection:
        assert connection.scalar(text("SELECT 1")) == 1


def test_without_postgresql_skips_with_a_reason(monkeypatch):
    monkeypatch.setattr(postgres, "find_postgres", lambda: None)
    monkeypatch.delenv("REQUIRE_PG", raising=False)
    with pytest.raises(pytest.skip.Exception, match="没有找到 PostgreSQL"), postgres_or_skip():
        pass


def test_without_postgresql_fails_where_it_is_required(monkeypatch):
    monkeypatch.setattr(postgres, "find_postgres", lambda: None)
    monkeypatch.setenv("REQUIRE_PG", "1")
    with pytest.raises(pytest.fail.Exception, match="没有找到 PostgreSQL"), postgres_or_skip():
        pass


def test_shows_the_log_of_a_server_that_does_not_start(server, monkeypatch):
    monkeypatch.setitem(postgres.SETTINGS, "no_such_setting", "on")
    with pytest.raises(RuntimeError, match="no_such_setting"), postgres_server():
        pass


@contextmanager
def connected(url):
    with create_engine(url, poolclass=NullPool).begin() as connection:
        yield connection


def is_alive(pid):
    """Whether the process runs; one that ended and that nobody asked about is a zombie, Z."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False
