/** The entry `wakey/upstash`: @upstash/redis in process, and its REST interface over HTTP. */

export { fetchHandler, type Handler, type RestOptions } from "./http/fetch.js";
export { type Requester, requester, type UpstashRequest, type UpstashResponse } from "./http/requester.js";
