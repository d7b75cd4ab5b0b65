//! Judges a TLS server's certificate, private key and CA bundle, purely from bytes.
//!
//! The yardstick is Go: what `tls.X509KeyPair` loads, what `x509.Verify` accepts and what a Go TLS client
//! shakes hands with. Where the ids ask for more than Go does (days that are left, the order of the file,
//! permissions, SHA-1 on a pinned certificate), that is said at the rule.
//!
//! One cause gives one id:
//! * the dates and the strength of certificates that the server sends are `tls-expired`, `tls-expires-soon`,
//!   `tls-weak-key` and `tls-weak-sig`, and do not break the chain a second time; a CA of the CA file that is out
//!   of date does (`tls-chain-invalid`);
//! * "not yet valid" is `tls-expired` too: outside its validity;
//! * a certificate without host names is `tls-no-san` and not `tls-name-mismatch` as well;
//! * a server's certificate that is not the first is `tls-chain-order`, and the rest is judged on the real one;
//! * after a `tls-parse`, only what can still be judged is.
//!
//! ```
//! let problems = servercert::judge(&servercert::Input {
//!     cert_pem: b"not a certificate",
//!     key_pem: None,
//!     key_mode: Some(0o644),
//!     ca_pem: None,
//!     hosts: &[],
//!     min_days: servercert::DEFAULT_MIN_DAYS,
//!     now_unix: 1_700_000_000,
//! });
//! assert_eq!(servercert::ids(&problems), ["tls-key-perm", "tls-parse"]);
//! assert_eq!(problems[1].to_string(), "certificate file: has no PEM block");
//! ```

mod algorithm;
mod bundle;
mod cert;
mod chain;
mod chinese;
mod constraints;
mod der;
mod detail;
mod english;
mod extensions;
mod facts;
mod hostname;
mod judge;
mod links;
mod name;
mod order;
mod pem;
mod private_key;
mod problem;
mod public_key;
mod signature;
#[cfg(feature = "testkit")]
pub mod testkit;
mod time;

pub use detail::{Break, Detail, Fault, FileKind, Refusal, Weakness};
pub use facts::{Facts, describe};
pub use judge::{Input, judge};
pub use pem::Damage;
pub use problem::{CertificateRef, Problem, ProblemId, ids};

/// For how many days a certificate must still be valid when nobody says otherwise: a month to renew it.
pub const DEFAULT_MIN_DAYS: u32 = 30;

/// How much of a file is read, in bytes; a larger one is `tls-parse`.
pub const MAX_BYTES: usize = 1 << 20;

/// How many certificates a server's file may hold; more are `tls-parse`.
pub const MAX_CERTIFICATES: usize = 100;

/// How many certificates a CA file may hold; a system's collection has about 150.
pub const MAX_CA_CERTIFICATES: usize = 1000;
