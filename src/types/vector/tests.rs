//! A set against exact search, with what tests of it need.

use super::*;
