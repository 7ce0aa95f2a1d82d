import pytest
import redis
from sessions import Sessions


def test_a_session_ends_after_half_an_hour_without_a_visit(r, clock):
    clock.pause()
    sessions = Sessions(r)
    sessions.begin("t", "ann")
    clock.advance(1799)
    assert sessions.visit("t") == 1
    clock.advance(1799)
    assert sessions.user("t") == "ann"
    clock.advance(1)
    assert sessions.visit("t") is None
    assert r.dbsize() == 0


def test_each_test_begins_with_an_empty_database(r):
    assert r.dbsize() == 0


def test_loading_is_waited_for_once(r, fault):
    sessions = Sessions(r)
    sessions.begin("t", "ann")
    fault("HGET", "ERROR", "LOADING Redis is loading the dataset in memory", times=1)
    assert sessions.user("t") == "ann"
    fault("HGET", "ERROR", "LOADING Redis is loading the dataset in memory")
    with pytest.raises(redis.BusyLoadingError):
        sessions.user("t")


def test_a_connection_that_drops_is_made_again(r, fault):
    r.set("k", "v")
    fault("GET", "DROP", times=1)
    with pytest.raises(redis.ConnectionError):
        r.get("k")
    assert r.get("k") == "v"
