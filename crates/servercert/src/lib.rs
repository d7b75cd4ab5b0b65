//! Judges a server's certificate, key and chain.
