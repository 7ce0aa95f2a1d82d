"""A Redis for each test, and a clock in the hand: `npx wakey serve --testing` beside pytest."""

import os
import re
import subprocess

import pytest
import redis


@pytest.fixture(scope="session")
def wakey_url():
    """One server for all tests, on a free port."""
    command = os.environ.get("WAKEY", "npx wakey").split()
    server = subprocess.Popen([*command, "serve", "--port", "0", "--testing"], stdout=subprocess.PIPE, text=True)
    port = re.search(r":(\d+)", server.stdout.readline()).group(1)
    yield f"redis://127.0.0.1:{port}/0"
    server.terminate()
    server.wait()


class Clock:
    """The server's clock."""

    def __init__(self, client):
        self._client = client

    def pause(self):
        return self._client.execute_command("WAKEY", "CLOCK", "PAUSE")

    def advance(self, seconds):
        return self._client.execute_command("WAKEY", "CLOCK", "ADVANCE", int(seconds * 1000))


@pytest.fixture
def r(wakey_url):
    """An empty database."""
    client = redis.Redis.from_url(wakey_url, decode_responses=True)
    client.execute_command("WAKEY", "RESET")
    yield client
    client.close()


@pytest.fixture
def clock(r):
    return Clock(r)


@pytest.fixture
def fault(r):
    """`fault("GET", "ERROR", "LOADING ...", times=2)`: what happens to a command."""

    def make(command, *what, times=None):
        count = [] if times is None else ["TIMES", times]
        r.execute_command("WAKEY", "INTERCEPT", command, *count, *what)

    yield make
    r.execute_command("WAKEY", "INTERCEPT", "CLEAR")
