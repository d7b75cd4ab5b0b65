//! go.mod and go.sum as the Go tools read them.
