//! Which versions of which modules a Go build uses: minimal version selection with graph pruning and workspaces.
