//! What an index has of a directory is unpacked when somebody asks: most questions need only what a package imports.

use std::ops::{Deref, Range};
use std::sync::{Arc, OnceLock};

/// The bytes of an index, and the names that they have numbers for.
#[derive(Debug, Default)]
pub(crate) struct Shelf {
    pub(crate) names: Vec<Arc<str>>,
    pub(crate) bytes: Vec<u8>,
}

/// How bytes of a shelf become a value; `None` where they do not.
pub(crate) type Unpack<T> = fn(&Arc<Shelf>, &[u8]) -> Option<T>;

/// A value, or the bytes of it.
#[derive(Clone)]
pub struct Lazy<T> {
    value: OnceLock<T>,
    packed: Option<(Arc<Shelf>, Range<usize>, Unpack<T>)>,
}

impl<T> Lazy<T> {
    pub(crate) fn packed(shelf: &Arc<Shelf>, bytes: Range<usize>, unpack: Unpack<T>) -> Self {
        Self { value: OnceLock::new(), packed: Some((Arc::clone(shelf), bytes, unpack)) }
    }
}

impl<T> From<T> for Lazy<T> {
    fn from(value: T) -> Self {
        Self { value: OnceLock::from(value), packed: None }
    }
}

impl<T: Default> Default for Lazy<T> {
    fn default() -> Self {
        T::default().into()
    }
}

impl<T: Default> Lazy<T> {
    /// Changes the value.
    pub(crate) fn edit(&mut self, change: impl FnOnce(&mut T)) {
        let _ = &**self;
        if let Some(value) = self.value.get_mut() {
            change(value);
        }
    }
}

impl<T: Default> Deref for Lazy<T> {
    type Target = T;

    fn deref(&self) -> &T {
        self.value.get_or_init(|| {
            // The index's checksum holds, and its format is ours: what is packed unpacks.
            let unpacked = self
                .packed
                .as_ref()
                .and_then(|(shelf, range, unpack)| unpack(shelf, shelf.bytes.get(range.clone())?));
            unpacked.unwrap_or_default()
        })
    }
}

impl<T: Default + std::fmt::Debug> std::fmt::Debug for Lazy<T> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        (**self).fmt(f)
    }
}

impl<T: Default + PartialEq> PartialEq for Lazy<T> {
    fn eq(&self, other: &Self) -> bool {
        **self == **other
    }
}

impl<T: Default + Eq> Eq for Lazy<T> {}
