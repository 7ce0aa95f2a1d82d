/** What the tests of Upstash's REST interface share: a handler to ask as a client asks it, and its streams. */
import { open } from "wakey";
import { fetchHandler } from "wakey/upstash";

export const HOST = "http://localhost:8080";

/** A handler on a database of its own, and short ways to ask it. */
export async function setup(options = { unprotected: true }, more = {}) {
  const db = await open(more);
  const handler = fetchHandler(db, options);
  const ask = (path, init = {}) => handler(new Request(HOST + path, init));
  const answer = async (path, init) => {
    const response = await ask(path, init);
    return [response.status, await response.json()];
  };
  const post = (body, path = "/", init = {}) =>
    answer(path, { method: "POST", body: typeof body === "string" ? body : JSON.stringify(body), ...init });
  return { db, handler, ask, answer, post };
}

/** What a request with a token has. */
export const bearer = (token) => ({ headers: { authorization: `Bearer ${token}` } });

/** The lines of server-sent events of a response, as they come. */
export async function* events(response) {
  let text = "";
  for await (const chunk of response.body.pipeThrough(new TextDecoderStream())) {
    text += chunk;
    for (let end = text.indexOf("\n\n"); end >= 0; end = text.indexOf("\n\n")) {
      yield text.slice(0, end);
      text = text.slice(end + 2);
    }
  }
}

/** The next so many of what comes; fewer where it ends. */
export async function take(iterator, n) {
  const out = [];
  while (out.length < n) {
    const { value, done } = await iterator.next();
    if (done) break;
    out.push(value);
  }
  return out;
}
