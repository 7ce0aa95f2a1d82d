"""Calls the guest that was composed with Wakey: one component, which asks its host for clocks and random numbers alone.

    pip install wasmtime==50.0.1
    python run.py whole.wasm
"""
import sys

from wasmtime import Config, Engine, Store, WasiConfig, component

config = Config()
config.wasm_exceptions = True
engine = Engine(config)
store = Store(engine)
store.set_wasi(WasiConfig())
linker = component.Linker(engine)
linker.add_wasip2()
instance = linker.instantiate(store, component.Component.from_file(engine, sys.argv[1]))
visit = instance.get_func(store, "visit")
for page in ["/", "/", "/about", "/"]:
    print(page, visit(store, page))
    visit.post_return(store)
