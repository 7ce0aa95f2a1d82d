"""Holds the component in wasmtime for a test in JavaScript: a line of JSON for each call, read from one pipe and answered on another.

    host.py COMPONENT IN OUT

A call is {"call": name, "engine": number, ...}; bytes are hexadecimal. `keyvalue` is told by its name and arguments.
"""
import json
import sys

from wasmtime import Config, Engine, Store, WasiConfig, component

KEYSPACE = "wakey:engine/keyspace@0.1.0"
KEYVALUE = "wasi:keyvalue/%s@0.2.0-draft2"


def record(**fields):
    """A record, whose fields' names have hyphens in WIT."""
    made = component.Record()
    for name, value in fields.items():
        setattr(made, name.replace("_", "-"), value)
    return made


class Instance:
    """An instance of the component: an engine with memory of its own, and `wasi:keyvalue`."""

    def __init__(self, engine, linker, compiled):
        self.store = Store(engine)
        self.store.set_wasi(WasiConfig())
        self.instance = linker.instantiate(self.store, compiled)
        self.functions = {}
        self.held = None
        self.buckets = {}
        self.handles = {}

    def function(self, interface, name):
        key = (interface, name)
        if key not in self.functions:
            place = self.instance.get_export_index(self.store, interface)
            self.functions[key] = self.instance.get_func(self.store, self.instance.get_export_index(self.store, name, place))
        return self.functions[key]

    def ask(self, interface, name, *args):
        function = self.function(interface, name)
        answer = function(self.store, *args)
        function.post_return(self.store)
        return answer

    def engine(self, name, *args):
        return self.ask(KEYSPACE, "[method]engine." + name, self.held, *args)

    def open(self, seed, now, dialect=None, compat=None, cluster=False, **_):
        self.held = self.ask(
            KEYSPACE,
            "[static]engine.open",
            record(
                seed=seed, now=float(now), databases=None, dialect=dialect, compat=compat, maxmemory=None, maxmemory_policy=None,
                requirepass=None, cluster=cluster, script_timeout=None,
            ),
        )

    def run(self, call):
        """The answer to one call, as JSON has it."""
        name = call["call"]
        if name == "session":
            options = record(protocol="resp3" if call["resp"] == 3 else "resp2", trusted=call["trusted"], readonly=False, user=None, address=call["addr"])
            return self.engine("open-session", options)
        if name in ("exec", "feed"):
            given = [bytes.fromhex(word) for word in call["words"]] if name == "exec" else bytes.fromhex(call["bytes"])
            answer = self.engine(name, call["session"], float(call["now"]), given)
            return {"reply": bytes(answer.reply).hex(), "state": sorted(answer.state)}
        if name == "output":
            output = self.engine("next-output")
            return None if output is None else {"session": output.session, "bytes": bytes(output.bytes).hex(), "close": output.close}
        if name == "digest":
            # JavaScript's numbers have 53 bits.
            return self.engine("digest") & 0xFFFFFFFF
        if name == "journal":
            return bytes(self.engine("take-journal")).hex()
        if name == "keyvalue":
            return self.keyvalue(call["name"], call["arguments"])
        timed = name in ("tick", "finish-load", "finish-save")
        given = [float(one) if timed and type(one) is int else one for one in call.get("arguments", [])]
        if name == "load":
            given = [bytes.fromhex(one) for one in given]
        return plain(self.engine(name, *given))

    def keyvalue(self, name, arguments):
        given = list(arguments)
        if name == "open":
            self.buckets[given[0]] = self.ask(KEYVALUE % "store", "open", given[0])
            return isinstance(self.buckets[given[0]], component.ResourceAny) or plain(self.buckets[given[0]])
        if name == "swap":
            outcome = self.ask(KEYVALUE % "atomics", "swap", self.handles.pop(given[0]), bytes.fromhex(given[1]))
            if outcome is None:
                return True
            # The bindings give what a variant holds, where its type tells which one it is.
            if not isinstance(outcome, component.ResourceAny):
                return plain(outcome)
            self.handles[given[0]] = outcome
            return "cas-failed"
        if name == "current":
            return plain(self.ask(KEYVALUE % "atomics", "[method]cas.current", self.handles[given[0]]))
        bucket = self.buckets[given.pop(0)]
        if name == "cas":
            self.handles[given[0]] = self.ask(KEYVALUE % "atomics", "[static]cas.new", bucket, given[1])
            return True
        if name == "increment":
            return plain(self.ask(KEYVALUE % "atomics", name, bucket, *given))
        if name.endswith("-many"):
            if name == "set-many":
                given = [[(key, bytes.fromhex(value)) for key, value in given[0]]]
            return plain(self.ask(KEYVALUE % "batch", name, bucket, *given))
        if name == "set":
            given[1] = bytes.fromhex(given[1])
        return plain(self.ask(KEYVALUE % "store", "[method]bucket." + name, bucket, *given))


def plain(value):
    if isinstance(value, (bytes, bytearray)):
        return value.hex()
    if isinstance(value, component.Variant):
        return {"error": value.tag, "payload": plain(value.payload)}
    if isinstance(value, component.Record):
        return {name: plain(field) for name, field in vars(value).items()}
    if isinstance(value, (list, tuple)):
        return [plain(one) for one in value]
    return value


def main():
    path, to, back = sys.argv[1:]
    config = Config()
    config.wasm_exceptions = True
    engine = Engine(config)
    linker = component.Linker(engine)
    linker.add_wasip2()
    compiled = component.Component.from_file(engine, path)
    instances = [Instance(engine, linker, compiled)]

    def run(call):
        if call["call"] == "open":
            instances.append(Instance(engine, linker, compiled))
            instances[-1].open(**call)
            return len(instances) - 1
        if call["call"] == "close":
            instances[call["engine"]] = None
            return None
        return instances[call.get("engine", 0)].run(call)

    with open(to, encoding="utf8") as calls, open(back, "w", encoding="utf8") as answers:
        for line in calls:
            answers.write(json.dumps(run(json.loads(line))) + "\n")
            answers.flush()


main()
