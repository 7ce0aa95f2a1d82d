//! Types that may be left out of the crate: those whose commands are a feature. Of one that is left out there is no value, so the compiler
//! drops every line that would do something with one, and the structure with them; no place that knows all types has a condition.
//!
//! A box of what cannot exist is not enough: to the compiler a box is an address, and may be there.

use super::array::Array;
use super::stream::Stream;
use super::vector::VectorSet;
use std::convert::Infallible;
use std::marker::PhantomData;
use std::ops::{Deref, DerefMut};

/// Stands where a box would of a type that is not left out. There is none of it.
pub struct Absent<T>(Infallible, PhantomData<T>);

impl<T> Deref for Absent<T> {
    type Target = T;

    fn deref(&self) -> &T {
        match self.0 {}
    }
}

impl<T> DerefMut for Absent<T> {
    fn deref_mut(&mut self) -> &mut T {
        match self.0 {}
    }
}

impl<T> Clone for Absent<T> {
    fn clone(&self) -> Absent<T> {
        match self.0 {}
    }
}

/// For commands that are in no table, and files (`rdb/`) that are refused before.
impl<T> From<T> for Absent<T> {
    fn from(_: T) -> Absent<T> {
        unreachable!("a value of a type that is left out")
    }
}

/// How values of a type are held where it belongs to this feature.
macro_rules! held {
    ($($feature:literal: $held:ident = $kind:ty;)*) => {
        $(
            #[cfg(feature = $feature)]
            pub type $held = Box<$kind>;
            #[cfg(not(feature = $feature))]
            pub type $held = Absent<$kind>;
        )*
    };
}

held! {
    "arrays": HeldArray = Array;
    "streams": HeldStream = Stream;
    "vectors": HeldVectors = VectorSet;
}
