//! Finds where scripts, Dockerfiles, CI files and Makefiles set Go's environment variables.
