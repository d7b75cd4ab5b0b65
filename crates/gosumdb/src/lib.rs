//! Go's checksum database: signed notes, tree heads, records, inclusion and consistency proofs.
