;; How errors of Lua find their way out in a component: what JavaScript does for the package (src/lua/unwind.rs), by the exceptions of
;; WebAssembly. It is merged into the module.
(module
  (import "core" "wakey_call" (func $call (param i32 i32 i32)))
  (tag $unwinding)
  (func (export "try") (param i32 i32 i32)
    (block $caught
      (try_table (catch $unwinding $caught)
        (call $call (local.get 0) (local.get 1) (local.get 2)))))
  (func (export "throw")
    (throw $unwinding))
  (func (export "scripts") (result i32)
    (i32.const 1)))
