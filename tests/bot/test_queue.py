"""The bell: one ring until somebody has looked, and silence of Redis is nobody's trouble."""

from __future__ import annotations

import pytest
import redis
from rq import Queue, SimpleWorker
from rq.serializers import JSONSerializer

from bot import jobs
from bot.queue import JOB, NAME, RqBell
from tests.bot.far_end import Silence


@pytest.fixture
def queue(valkey_url):
    connection = redis.Redis.from_url(valkey_url)
    yield Queue(NAME, connection=connection, serializer=JSONSerializer)
    connection.close()


def test_many_rings_are_one_until_a_worker_has_looked(valkey_url, queue):
    bell = RqBell(valkey_url)
    for _ in range(50):
        bell.ring()
    assert len(queue) == 1
    bell.looked()
    bell.ring()
    assert len(queue) == 2


def test_one_worker_is_not_enough(valkey_url, queue):
    bell = RqBell(valkey_url)
    bell.ring()
    bell.more()
    assert len(queue) == 2


def test_the_job_carries_nothing_and_wakes_this_process(valkey_url, queue):
    woken = []

    class Runtime:
        def wake(self):
            woken.append(1)

    jobs.run_here(Runtime())
    RqBell(valkey_url).ring()
    [job] = queue.jobs
    assert (job.func_name, list(job.args), job.kwargs) == (JOB, [], {})
    SimpleWorker([queue], connection=queue.connection, serializer=JSONSerializer).work(burst=True)
    jobs.run_here(None)
    jobs._running.clear()
    assert woken == [1]
    assert len(queue) == 0


def test_a_hung_or_dead_redis_is_asked_once_and_then_left_alone():
    hung = Silence()
    bell = RqBell(hung.url)
    for ring in (bell.ring, bell.more, bell.looked) * 3:
        ring()
    assert len(hung.calls) == 1
    hung.close()


def test_a_redis_that_lost_everything_rings_again(valkey_url, queue):
    bell = RqBell(valkey_url)
    bell.ring()
    queue.connection.flushall()
    bell.ring()
    assert len(queue) == 1
