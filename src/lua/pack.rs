//! The library `struct`.

use super::register;
use super::stack::Stack;

/// Pushes the library, and makes it a global.
pub fn open(lua: Stack) {
    register(lua, "struct", &[]);
}
