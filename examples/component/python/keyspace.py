"""A keyspace for tests in Python: no server, no socket, and a clock in the hand.

    pip install wasmtime==50.0.1
    python keyspace.py node_modules/wakey/dist/component.wasm
"""
import sys

from wasmtime import Config, Engine, Store, WasiConfig, component

KEYSPACE = "wakey:engine/keyspace@0.1.0"


def record(**fields):
    made = component.Record()
    for name, value in fields.items():
        setattr(made, name.replace("_", "-"), value)
    return made


class Keyspace:
    """Redis's commands on an engine of its own: `keyspace("SET", "k", "v")`."""

    def __init__(self, path, seed=1, now=0.0):
        config = Config()
        config.wasm_exceptions = True  # how errors of scripts are thrown
        engine = Engine(config)
        self.store = Store(engine)
        self.store.set_wasi(WasiConfig())
        linker = component.Linker(engine)
        linker.add_wasip2()
        self.instance = linker.instantiate(self.store, component.Component.from_file(engine, path))
        self.now = now
        self.engine = self.ask(
            "[static]engine.open",
            record(
                seed=seed, now=now, databases=None, dialect=None, compat=None, maxmemory=None, maxmemory_policy=None,
                requirepass=None, cluster=False, script_timeout=None,
            ),
        )
        options = record(protocol="resp3", trusted=True, readonly=False, user=None, address=None)
        self.session = self.ask("[method]engine.open-session", self.engine, options)

    def ask(self, name, *args):
        interface = self.instance.get_export_index(self.store, KEYSPACE)
        function = self.instance.get_func(self.store, self.instance.get_export_index(self.store, name, interface))
        answer = function(self.store, *args)
        function.post_return(self.store)
        return answer

    def __call__(self, *words):
        words = [word if isinstance(word, bytes) else str(word).encode() for word in words]
        answer = self.ask("[method]engine.exec", self.engine, self.session, self.now, words)
        return bytes(answer.reply).decode()

    def advance(self, milliseconds):
        """Moves the clock, and removes what is due."""
        self.now += milliseconds
        while (self.deadline() or float("inf")) <= self.now:
            self.ask("[method]engine.tick", self.engine, self.now)

    def deadline(self):
        return self.ask("[method]engine.next-deadline", self.engine)


if __name__ == "__main__":
    redis = Keyspace(sys.argv[1])
    print(redis("SET", "session:1", "ann", "EX", 60))  # +OK
    print(redis("EVAL", "return redis.call('INCR', KEYS[1])", 1, "hits"))  # :1
    redis.advance(59_999)
    print(redis("GET", "session:1"))  # $3 ann
    redis.advance(1)
    print(redis("GET", "session:1"))  # _
