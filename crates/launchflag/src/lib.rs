//! Whether a service is launched with a flag on: command lines, Kubernetes, Dockerfile, systemd, compose, configuration.
