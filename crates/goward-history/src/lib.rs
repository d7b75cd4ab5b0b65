//! Past runs in SQLite.
