//! Who issued whom: signatures between certificates, each checked once and not too many.

use crate::cert::Cert;
use crate::signature::{Verdict, verify};
use std::collections::BTreeMap;

/// How many signatures are checked at most; Go allows 100 for one chain, and the order needs some more.
const MOST_CHECKS: usize = 400;

/// The certificates of the server's file and, after them, of the CA file. Certificates are meant by their
/// place in this list.
pub(crate) struct Links<'a> {
    certs: Vec<&'a Cert>,
    served: usize,
    checked: BTreeMap<(usize, usize), Verdict>,
}

impl<'a> Links<'a> {
    pub(crate) fn new(served: &'a [Cert], trusted: &'a [Cert]) -> Self {
        let certs = served.iter().chain(trusted).collect();
        Self { certs, served: served.len(), checked: BTreeMap::new() }
    }

    /// The places of the certificates that the server sends.
    pub(crate) fn served(&self) -> std::ops::Range<usize> {
        0..self.served
    }

    /// The places of the certificates that the client trusts.
    pub(crate) fn trusted(&self) -> std::ops::Range<usize> {
        self.served..self.certs.len()
    }

    pub(crate) fn get(&self, at: usize) -> Option<&'a Cert> {
        self.certs.get(at).copied()
    }

    /// Whether `parent` has the name that `child` gives for its issuer; bytes are compared, as in Go.
    pub(crate) fn named(&self, parent: usize, child: usize) -> bool {
        match (self.get(parent), self.get(child)) {
            (Some(parent), Some(child)) => parent.subject_der == child.issuer_der,
            _ => false,
        }
    }

    /// Whether the key of `parent` signed `child`; `None` after too many checks.
    pub(crate) fn verdict(&mut self, parent: usize, child: usize) -> Option<Verdict> {
        if let Some(verdict) = self.checked.get(&(parent, child)) {
            return Some(*verdict);
        }
        if self.checked.len() >= MOST_CHECKS {
            return None;
        }
        let (issuer, cert) = (self.get(parent)?, self.get(child)?);
        let verdict = verify(&cert.signing, &issuer.key, &cert.tbs, &cert.signature);
        self.checked.insert((parent, child), verdict);
        Some(verdict)
    }

    /// Whether `parent` issued `child`, by name and signature; what cannot be verified is believed.
    pub(crate) fn issued(&mut self, parent: usize, child: usize) -> bool {
        self.named(parent, child) && self.verdict(parent, child) != Some(Verdict::Failed)
    }

    /// Whether a certificate is signed by its own key.
    pub(crate) fn is_self_signed(&mut self, at: usize) -> bool {
        self.get(at).is_some_and(Cert::is_self_issued) && self.issued(at, at)
    }

    /// Whether two places hold the same certificate.
    pub(crate) fn same(&self, a: usize, b: usize) -> bool {
        match (self.get(a), self.get(b)) {
            (Some(a), Some(b)) => a.der == b.der,
            _ => false,
        }
    }
}
