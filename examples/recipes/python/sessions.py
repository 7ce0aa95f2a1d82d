"""Sessions that end after half an hour without a visit."""

import redis

HALF_AN_HOUR = 1800


class Sessions:
    def __init__(self, client):
        self.client = client

    def begin(self, token, user):
        self.client.hset(f"session:{token}", mapping={"user": user, "visits": 0})
        self.client.expire(f"session:{token}", HALF_AN_HOUR)

    def visit(self, token):
        """Counts a visit; None where there is no such session."""
        key = f"session:{token}"
        if not self.client.expire(key, HALF_AN_HOUR):
            return None
        return self.client.hincrby(key, "visits", 1)

    def user(self, token):
        """Whose session it is; tries again once while Redis is loading."""
        for last in (False, True):
            try:
                return self.client.hget(f"session:{token}", "user")
            except redis.BusyLoadingError:
                if last:
                    raise
