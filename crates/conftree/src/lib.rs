//! YAML, JSON, TOML and env files as one tree whose every node knows its line and column.
