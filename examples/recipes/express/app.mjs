/**
 * Express with sessions in Wakey. connect-redis speaks to node-redis, from its version 9 on to nothing else (10 is for Node 22),
 * and node-redis wants a socket: the database is served on a Unix socket, and stays in this process.
 */
import { RedisStore } from "connect-redis";
import express from "express";
import session from "express-session";
import { createClient } from "redis";
import { serve } from "wakey/server";

/** @param path Where the socket is to be. */
export async function createApp(db, path) {
  const server = await serve({ db, path });
  const client = await createClient({ socket: { path, tls: false } }).connect();
  const app = express();
  app.use(
    session({
      store: new RedisStore({ client, prefix: "session:" }),
      secret: "a secret of your own",
      resave: false,
      saveUninitialized: false,
      cookie: { maxAge: 60_000 },
    }),
  );
  app.get("/", (request, response) => {
    request.session.visits = (request.session.visits ?? 0) + 1;
    response.json({ visits: request.session.visits });
  });
  const close = async () => {
    await client.close();
    await server.close();
  };
  return { app, close };
}
