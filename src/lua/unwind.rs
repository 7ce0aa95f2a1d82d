//! How an error finds its way out in WebAssembly, which has no `setjmp`: lua/luaconf.h calls [`wakey_try`] where Lua catches, and
//! [`wakey_throw`] where it throws. Both go through the host: what may fail is called by JavaScript, which throws and catches.

use std::ffi::c_void;

#[cfg(test)]
use in_tests::{host_throw, host_try};

#[cfg(not(test))]
#[link(wasm_import_module = "host")]
unsafe extern "C" {
    /// Calls [`wakey_call`] with these, and catches what `throw` throws. Its own exceptions go on their way.
    #[link_name = "try"]
    fn host_try(function: *mut c_void, state: *mut c_void, with: *mut c_void);
    #[link_name = "throw"]
    fn host_throw() -> !;
}

unsafe extern "C" {
    fn wakey_stack_get() -> *mut c_void;
    fn wakey_stack_set(pointer: *mut c_void);
}

/// A function of Lua's that may throw.
type Protected = unsafe extern "C" fn(*mut c_void, *mut c_void);

#[unsafe(no_mangle)]
unsafe extern "C" fn wakey_try(function: *mut c_void, state: *mut c_void, with: *mut c_void) {
    unsafe {
        // What is thrown leaves the frames between where they are: the stack pointer is put back.
        let pointer = wakey_stack_get();
        host_try(function, state, with);
        wakey_stack_set(pointer);
    }
}

#[unsafe(no_mangle)]
unsafe extern "C" fn wakey_throw() -> ! {
    unsafe { host_throw() }
}

/// What the host calls back.
#[unsafe(no_mangle)]
unsafe extern "C" fn wakey_call(function: *mut c_void, state: *mut c_void, with: *mut c_void) {
    unsafe {
        let function: Protected = std::mem::transmute(function);
        function(state, with);
    }
}

/// The runner of the binding's tests gives no imports but those of wasm-bindgen.
#[cfg(test)]
mod in_tests {
    use std::ffi::c_void;
    use wasm_bindgen::prelude::*;

    #[wasm_bindgen(inline_js = "
        const UNWINDING = {};
        export function attempt(work) { try { work(); } catch (error) { if (error !== UNWINDING) throw error; } }
        export function unwind() { throw UNWINDING; }
    ")]
    extern "C" {
        fn attempt(work: &mut dyn FnMut());
        fn unwind();
    }

    pub unsafe fn host_try(function: *mut c_void, state: *mut c_void, with: *mut c_void) {
        attempt(&mut || unsafe { super::wakey_call(function, state, with) });
    }

    pub unsafe fn host_throw() -> ! {
        unwind();
        unreachable!("the host throws")
    }
}
