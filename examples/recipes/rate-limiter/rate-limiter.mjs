/**
 * A sliding window: at most `limit` calls of one caller in any `window` milliseconds. The times of the calls are a sorted
 * set, which forgets itself when the caller is silent for a window.
 */
export function rateLimiter(db, { limit, window }) {
  let calls = 0;
  /** Whether one more call is allowed, and when the next one is if it is not (milliseconds from now). */
  return (caller) => {
    const key = `calls:${caller}`;
    const [seconds, micros] = db.time().map(Number);
    const now = seconds * 1000 + Math.floor(micros / 1000);
    db.zremrangebyscore(key, "-inf", now - window);
    if (db.zcard(key) >= limit) {
      const [, oldest] = db.zrange(key, 0, 0, "WITHSCORES").flat();
      return { allowed: false, retryAfter: Number(oldest) + window - now };
    }
    db.multi().zadd(key, now, `${now}-${calls++}`).pexpire(key, window).exec();
    return { allowed: true, retryAfter: 0 };
  };
}
