//! End to end: the binary as a person runs it, in an environment that nothing leaks into.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::disallowed_methods,
    reason = "tests drive the real binary on real files and servers"
)]

mod affected;
mod attacks;
mod bad_input;
mod bad_modules;
mod build;
mod build_ends;
mod cache;
mod cache_serve;
mod config;
mod diff;
mod engine;
mod example;
mod explain;
mod graph;
mod graph_states;
mod graph_toolchain;
mod history;
mod hook;
mod hook_around;
mod hook_beyond;
mod hook_ci;
mod hook_folders;
mod hook_headers;
mod hook_life;
mod hook_monorepo;
mod hook_more;
mod hook_reach;
mod hook_record;
mod hook_silence;
mod hook_submodule;
mod hook_whole;
mod inspect;
mod inspect_debug;
mod inspect_hostile;
mod interrupt;
mod live;
mod matrix;
mod metadata;
mod metadata_states;
mod modules;
mod outcomes;
mod output;
mod pdb;
mod plugins;
mod plumbing;
mod proxy;
mod recipe;
mod repro;
mod repro_causes;
mod repro_isolation;
mod servers;
mod snapshot;
mod tamper;
mod tidy;
mod universal;
mod world;
