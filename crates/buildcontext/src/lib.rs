//! What docker build sends: .dockerignore, the walk of the build context, what Dockerfiles copy.
