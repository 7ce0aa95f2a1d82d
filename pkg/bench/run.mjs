/**
 * `make bench`: speed and memory against peers, in one run on one machine. `node run.mjs PART ...` runs some parts:
 *
 * | part | |
 * |---|---|
 * | memory | bytes a key, the longest insert of a million, `open()` |
 * | bytes | bytes a key or element of every type, against redis-server |
 * | growth | sorted sets from a thousand members to ten million |
 * | pauses | the longest call while each structure grows to millions; what growing memory costs, and `reserve` saves |
 * | process | strings and hashes in process, against a Map and peers; pipelines, transactions, MGET and the like against ten calls |
 * | types | the other types in process, against peers |
 * | tcp | strings and hashes over TCP, against redis-server |
 * | stores | writes with each store against none, the load of a million keys |
 * | tcp-types | the other types over TCP, against redis-server |
 * | scripts | EVALSHA, Lua and BullMQ, against redis-server |
 * | guards | a GET with a user's rules, and with tracking, against one without |
 * | eviction | hits of a cache that is too small, and SETs that make room, against redis-server |
 * | vectors | vector sets over TCP, against redis-server: recall, VSIM a second, bytes a vector |
 * | component | SET and GET through the component in wasmtime and jco, against the package's binding |
 * | cloudflare | a Durable Object in workerd: REST against doing nothing, the wake-up |
 *
 * redis-server, redis-cli and redis-benchmark are those of REDIS_BIN=directory, or in the PATH. Only ratios travel from one
 * machine to another.
 */
import { cpus, totalmem } from "node:os";
import { bytes } from "./bytes.mjs";
import { cloudflare } from "./cloudflare.mjs";
import { component } from "./component.mjs";
import { eviction } from "./eviction.mjs";
import { guards } from "./guards.mjs";
import { growth, memory, pauses } from "./large.mjs";
import { batches, maps, types } from "./process.mjs";
import { missed } from "./report.mjs";
import { scripts } from "./scripts.mjs";
import { stores } from "./stores.mjs";
import { tcp } from "./tcp.mjs";
import { vectorSets } from "./vectors.mjs";

const only = process.argv.slice(2);
const wanted = (part) => only.length === 0 || only.includes(part);

console.log(
  `${cpus()[0].model}, ${cpus().length} cores, ${(totalmem() / 2 ** 30).toFixed(0)} GB, Node ${process.versions.node}, ${process.platform}`,
);
if (wanted("memory")) memory();
if (wanted("memory") || wanted("bytes")) await bytes();
if (wanted("growth")) await growth();
if (wanted("pauses")) pauses();
if (wanted("process")) {
  maps();
  batches();
}
if (wanted("types")) types();
if (wanted("stores")) await stores();
if (wanted("tcp") || wanted("tcp-types")) await tcp(wanted);
if (wanted("scripts")) await scripts();
if (wanted("guards")) await guards();
if (wanted("eviction")) await eviction();
if (wanted("vectors")) await vectorSets();
if (wanted("component")) await component();
if (wanted("cloudflare")) await cloudflare();
if (missed() > 0) console.log(`\n${missed()} targets missed`);
