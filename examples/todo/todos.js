// What the list is made of: `todos` has the ids in their order, `todo:1` is a hash of a text and whether it is done.
const NEXT = "todos:next";
const ORDER = "todos";
const key = (id) => `todo:${id}`;

export async function add(db, text) {
  const id = await db.incr(NEXT);
  await db.multi().hset(key(id), { text, done: 0 }).rpush(ORDER, id).exec();
  return id;
}

export async function toggle(db, id) {
  // One command, so that two tabs cannot come in between.
  await db.eval("return redis.call('HSET', KEYS[1], 'done', 1 - redis.call('HGET', KEYS[1], 'done'))", [key(id)]);
}

export async function remove(db, id) {
  await db.multi().lrem(ORDER, 0, id).del(key(id)).exec();
}

export async function list(db) {
  const ids = await db.lrange(ORDER, 0, -1);
  const todos = await Promise.all(ids.map((id) => db.hgetall(key(id))));
  return todos.map(({ text, done }, i) => ({ id: ids[i], text, done: done === "1" }));
}
