//! Finds template placeholders left in configuration, fast.
