//! The judgement of a certificate file, its key and its CA file.

use crate::bundle::{self, Bundle};
use crate::cert::{Cert, printable_text};
use crate::chain::Search;
use crate::detail::{Detail, Fault, FileKind};
use crate::hostname::covers;
use crate::links::Links;
use crate::order;
use crate::private_key::{self, PrivateKey};
use crate::problem::{CertificateRef, Problem, ProblemId};
use crate::public_key::PublicKey;

const DAY: i64 = 86_400;

/// What is judged. Everything is bytes and numbers; nothing is read from the world.
#[derive(Debug, Clone, Copy)]
pub struct Input<'a> {
    /// The certificate file: the server's certificate and then its intermediates.
    pub cert_pem: &'a [u8],
    /// The key file; without it the key is not judged.
    pub key_pem: Option<&'a [u8]>,
    /// The permission bits of the key file (`st_mode`).
    pub key_mode: Option<u32>,
    /// The certificates that clients trust; without them the chain is not judged, but the order is.
    pub ca_pem: Option<&'a [u8]>,
    /// The names and addresses under which clients reach the server.
    pub hosts: &'a [String],
    /// For how many days the certificate must still be valid; see [`crate::DEFAULT_MIN_DAYS`].
    pub min_days: u32,
    /// Now, in seconds since 1970.
    pub now_unix: i64,
}

/// Judges the files; an empty list is a server certificate in order. The problems are sorted by id, then by file
/// and line.
#[must_use]
pub fn judge(input: &Input<'_>) -> Vec<Problem> {
    let served = Bundle::read(FileKind::Certificate, input.cert_pem);
    let trusted = input.ca_pem.map(|pem| Bundle::read(FileKind::Ca, pem));
    let mut problems = Vec::new();
    let key = input.key_pem.and_then(|pem| match read_key(pem) {
        Ok(key) => Some(key),
        Err((fault, line)) => {
            problems.push(bundle::fault(FileKind::Key, line, fault));
            None
        }
    });
    problems.extend(input.key_mode.and_then(key_perm));
    if served.first_known {
        let mut court =
            Court { input, served: &served, trusted: trusted.as_ref(), problems: Vec::new() };
        court.judge(key.as_ref());
        problems.append(&mut court.problems);
    }
    problems.extend(served.problems);
    problems.extend(trusted.into_iter().flat_map(|bundle| bundle.problems));
    problems.sort_by_key(|problem| (problem.id, problem.file, problem.line));
    problems
}

fn read_key(pem: &[u8]) -> Result<PrivateKey, (Fault, Option<usize>)> {
    bundle::open(pem).map_err(|fault| (fault, None)).and_then(|file| private_key::read(&file))
}

/// Any right for others is too much: reading gives the key away, writing lets it be replaced. The group may read
/// and even write: that is how Kubernetes' `fsGroup` and `ssl-cert` groups hand a key over.
fn key_perm(mode: u32) -> Option<Problem> {
    (mode & 0o007 != 0).then_some(Problem {
        id: ProblemId::KeyPerm,
        file: FileKind::Key,
        line: None,
        certificate: None,
        detail: Detail::KeyPerm { mode },
    })
}

/// One judgement in progress.
struct Court<'a> {
    input: &'a Input<'a>,
    served: &'a Bundle,
    trusted: Option<&'a Bundle>,
    problems: Vec<Problem>,
}

impl<'a> Court<'a> {
    fn judge(&mut self, key: Option<&PrivateKey>) {
        let anchors = self.trusted.map_or(&[][..], |bundle| &bundle.certs);
        let mut links = Links::new(&self.served.certs, anchors);
        let leaf_at = order::leaf(&mut links, key.and_then(|key| key.public.as_ref()));
        let Some(leaf) = links.get(leaf_at) else { return };
        let way = order::upwards(&mut links, leaf_at);
        // A root may be sent along, but clients look only at their own copy of it.
        let (roots, judged): (Vec<_>, Vec<_>) =
            way.into_iter().partition(|at| *at != leaf_at && links.is_self_signed(*at));

        for cert in judged.iter().filter_map(|at| links.get(*at)) {
            self.dates(cert);
            self.strength(cert);
        }
        if self.trusted.is_none() {
            for root in roots.iter().filter_map(|at| links.get(*at)) {
                self.out_of_date(root);
            }
        }
        self.names(leaf);
        self.usage(leaf);
        if let Some(key) = key {
            self.key(leaf, key);
        }
        let broken = self.chain(&mut links, leaf_at, &judged);
        self.order(&mut links, leaf_at, broken);
    }

    fn report(&mut self, id: ProblemId, cert: &Cert, detail: Detail) {
        let certificate =
            Some(CertificateRef { number: cert.number, subject: cert.subject.clone() });
        let file = FileKind::Certificate;
        self.problems.push(Problem { id, file, line: Some(cert.line), certificate, detail });
    }

    /// Whether the certificate is outside its validity. Both ends belong to it, as in Go.
    fn out_of_date(&mut self, cert: &Cert) -> bool {
        let now = self.input.now_unix;
        let (not_before, not_after) = (cert.not_before, cert.not_after);
        let detail = if now > not_after {
            Detail::Expired { not_after, days_ago: now.saturating_sub(not_after) / DAY }
        } else if now < not_before {
            Detail::NotYetValid { not_before, in_days: not_before.saturating_sub(now) / DAY }
        } else {
            return false;
        };
        self.report(ProblemId::Expired, cert, detail);
        true
    }

    /// Exactly the asked number of days is enough.
    fn dates(&mut self, cert: &Cert) {
        if self.out_of_date(cert) {
            return;
        }
        let left = cert.not_after.saturating_sub(self.input.now_unix);
        if left < i64::from(self.input.min_days).saturating_mul(DAY) {
            let (not_after, min_days) = (cert.not_after, self.input.min_days);
            let detail = Detail::ExpiresSoon { not_after, days_left: left / DAY, min_days };
            self.report(ProblemId::ExpiresSoon, cert, detail);
        }
    }

    fn strength(&mut self, cert: &Cert) {
        if let Some(weakness) = cert.key.weakness() {
            self.report(ProblemId::WeakKey, cert, Detail::WeakKey(weakness));
        }
        if cert.signing.is_weak() {
            let algorithm = cert.signing.to_string();
            self.report(ProblemId::WeakSig, cert, Detail::WeakSig { algorithm });
        }
    }

    /// A certificate without names covers no host; that is one cause, and so one id.
    fn names(&mut self, leaf: &Cert) {
        let names = leaf.extensions.names.as_ref();
        let Some(names) = names.filter(|names| !names.dns.is_empty() || !names.ips.is_empty())
        else {
            let subject = leaf.subject.clone();
            return self.report(ProblemId::NoSan, leaf, Detail::NoSan { subject });
        };
        let uncovered: Vec<_> =
            self.input.hosts.iter().filter(|host| !covers(names, host)).cloned().collect();
        if !uncovered.is_empty() {
            let mut known = names.dns.clone();
            known.extend(names.ips.iter().map(ToString::to_string));
            let detail = Detail::NameMismatch { hosts: uncovered, names: known };
            self.report(ProblemId::NameMismatch, leaf, detail);
        }
    }

    /// Extended key usage decides, as in Go. The plain key usage, which Go ignores here, is held against the
    /// certificate only where it rules TLS out altogether, as OpenSSL clients do (`KU_TLS`).
    fn usage(&mut self, leaf: &Cert) {
        let extensions = &leaf.extensions;
        if let Some(usage) = extensions.extended_usage.as_ref().filter(|usage| !usage.server) {
            let listed = usage.listed.iter().map(|name| printable_text(name)).collect();
            self.report(ProblemId::Usage, leaf, Detail::NotForServers { listed });
        } else if extensions.key_usage.is_some_and(|usage| usage.any && !usage.tls) {
            self.report(ProblemId::Usage, leaf, Detail::KeyUsage);
        }
    }

    fn key(&mut self, leaf: &Cert, key: &PrivateKey) {
        let matches = match (&key.public, &leaf.key) {
            // One RSA key can be written under either identifier.
            (
                Some(PublicKey::Rsa { modulus, exponent }),
                PublicKey::RsaPss { modulus: n, exponent: e },
            ) => modulus == n && exponent == e,
            (Some(public), known) => public == known,
            // Not derivable: only the kinds can be compared.
            (None, known) => key.kind == known.to_string(),
        };
        if !matches {
            let detail = Detail::KeyMismatch {
                certificate: leaf.key.to_string(),
                private: key.kind.clone(),
            };
            self.report(ProblemId::KeyMismatch, leaf, detail);
        }
    }

    /// Whether the chain is reported as broken.
    fn chain(&mut self, links: &mut Links<'_>, leaf: usize, judged: &[usize]) -> bool {
        let Some(trusted) = self.trusted.filter(|bundle| !bundle.certs.is_empty()) else {
            return false;
        };
        let Some((at, broken)) = Search::new(links, judged, self.input.now_unix).run(leaf) else {
            return false;
        };
        // The missing link may be in a block that could not be read, which is reported as that.
        let all_read = self.served.problems.is_empty() && trusted.problems.is_empty();
        if let Some(cert) = links.get(at).filter(|_| all_read) {
            self.report(ProblemId::ChainInvalid, cert, Detail::ChainInvalid(broken));
        }
        all_read
    }

    fn order(&mut self, links: &mut Links<'_>, leaf: usize, chain_broken: bool) {
        if !self.served.problems.is_empty() {
            return;
        }
        for (at, detail) in order::faults(links, leaf, chain_broken) {
            if let Some(cert) = links.get(at) {
                self.report(ProblemId::ChainOrder, cert, detail);
            }
        }
    }
}
