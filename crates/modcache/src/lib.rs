//! The Go module cache, module zips and vendor folders, held against the sums that were committed.
