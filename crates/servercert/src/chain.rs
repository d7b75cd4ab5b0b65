//! Looks for a chain from the server's certificate to a trusted one, by the rules of Go's `x509.Verify`.
//!
//! As in Go, every certificate of the CA file is trusted, self-signed or not, and a trusted one needs no
//! issuer. Three things are left to other ids, so that one cause is reported once: the dates of certificates
//! that the server sends, weak algorithms, and the usage of the server's certificate itself.

use crate::cert::Cert;
use crate::detail::Break;
use crate::links::Links;
use crate::signature::Verdict;

/// `maxChainSignatureChecks` of Go.
const MOST_CHECKS: usize = 100;

/// The search for a chain.
pub(crate) struct Search<'l, 'a> {
    links: &'l mut Links<'a>,
    /// The places of the certificates that are judged by themselves.
    judged: &'l [usize],
    now: i64,
    checks: usize,
    /// The break that is farthest up: how far, at which certificate, and why.
    broken: Option<(usize, usize, Break)>,
}

impl<'l, 'a> Search<'l, 'a> {
    /// `judged` are the places of the server's certificate and of the others whose dates and strength are
    /// reported by themselves.
    pub(crate) fn new(links: &'l mut Links<'a>, judged: &'l [usize], now: i64) -> Self {
        Self { links, judged, now, checks: 0, broken: None }
    }

    /// Where and why there is no chain; `None` when there is one.
    pub(crate) fn run(mut self, leaf: usize) -> Option<(usize, Break)> {
        let cert = self.links.get(leaf)?;
        if let Some(id) = cert.extensions.unknown_critical.first() {
            return Some((
                leaf,
                Break::UnknownCritical { subject: cert.subject.clone(), id: id.clone() },
            ));
        }
        let mut trusted = self.links.trusted();
        if trusted.any(|at| self.links.same(at, leaf)) || self.climb(&mut vec![leaf]) {
            return None;
        }
        self.broken.map(|(_, at, broken)| (at, broken))
    }

    /// Whether a chain that starts with `chain` ends at a trusted certificate. The depth is bounded by the
    /// number of certificates that a server may send, the breadth by the number of checks.
    fn climb(&mut self, chain: &mut Vec<usize>) -> bool {
        let Some(child) = chain.last().copied() else { return false };
        let trusted = self.links.trusted();
        let mut none = true;
        for parent in trusted.clone().chain(self.links.served()) {
            if !self.links.named(parent, child) || self.is_in(chain, parent) {
                continue;
            }
            none = false;
            self.checks += 1;
            if self.checks > MOST_CHECKS {
                self.note(chain, Break::TooManySignatures);
                return false;
            }
            let anchor = trusted.contains(&parent);
            if let Some(broken) = self.refusal(chain, parent, child, anchor) {
                self.note(chain, broken);
                continue;
            }
            chain.push(parent);
            let arrived = if anchor { self.holds(chain) } else { self.climb(chain) };
            if arrived {
                return true;
            }
            chain.pop();
        }
        if none && let Some(cert) = self.links.get(child) {
            let issuer = cert.issuer.clone();
            let alone = cert.is_self_issued();
            self.note(
                chain,
                if alone { Break::SelfSigned } else { Break::IssuerMissing { issuer } },
            );
        }
        false
    }

    /// Remembers the break that is farthest up; among equals the first.
    fn note(&mut self, chain: &[usize], broken: Break) {
        let Some(at) = chain.last().copied() else { return };
        if self.broken.as_ref().is_none_or(|(height, _, _)| *height < chain.len()) {
            self.broken = Some((chain.len(), at, broken));
        }
    }

    /// Go's `alreadyInChain`: the same name, key and SAN.
    fn is_in(&self, chain: &[usize], candidate: usize) -> bool {
        let Some(candidate) = self.links.get(candidate) else { return true };
        chain.iter().filter_map(|at| self.links.get(*at)).any(|cert| {
            cert.subject_der == candidate.subject_der
                && cert.key == candidate.key
                && cert.extensions.san_der == candidate.extensions.san_der
        })
    }

    fn is_judged(&self, at: usize) -> bool {
        self.judged.iter().any(|judged| self.links.same(*judged, at))
    }

    /// Why `parent` may not stand above `child` at the end of `chain`.
    fn refusal(
        &mut self,
        chain: &[usize],
        parent: usize,
        child: usize,
        anchor: bool,
    ) -> Option<Break> {
        let (issuer, cert) = (self.links.get(parent)?, self.links.get(child)?);
        let name = issuer.subject.clone();
        match self.links.verdict(parent, child) {
            Some(Verdict::Verified) => {}
            Some(Verdict::Failed) => return Some(Break::WrongKey { issuer: name }),
            Some(Verdict::Unverifiable) => {
                let reported = cert.signing.is_weak()
                    || issuer.key.weakness().is_some() && self.is_judged(parent);
                if !reported {
                    let (signature, key) = (cert.signing.to_string(), issuer.key.to_string());
                    return Some(Break::Unverifiable { issuer: name, signature, key });
                }
            }
            None => return Some(Break::TooManySignatures),
        }
        let dates_matter = anchor && !self.is_judged(parent);
        if dates_matter && !(issuer.not_before..=issuer.not_after).contains(&self.now) {
            let (not_before, not_after) = (issuer.not_before, issuer.not_after);
            return Some(Break::CaNotInDate { issuer: name, not_before, not_after });
        }
        may_issue(issuer, anchor, chain.len().saturating_sub(1))
    }

    /// What can be said only of a whole chain, whose last certificate is trusted: usages and names.
    fn holds(&mut self, chain: &[usize]) -> bool {
        let certs: Vec<&Cert> = chain.iter().filter_map(|at| self.links.get(*at)).collect();
        let broken = certs.iter().enumerate().skip(1).find_map(|(height, ca)| {
            wrong_usage(ca)
                .or_else(|| certs.iter().take(height).find_map(|cert| forbidden_name(ca, cert)))
        });
        let held = broken.is_none();
        if let Some(broken) = broken {
            self.note(chain, broken);
        }
        held
    }
}

/// Go's `CheckSignatureFrom` and `isValid`: whether a certificate may issue others, with so many CA
/// certificates between it and the server's.
fn may_issue(issuer: &Cert, anchor: bool, between: usize) -> Option<Break> {
    let name = issuer.subject.clone();
    // A root of version 1 has no basic constraints, and Go trusts it all the same.
    let old_root = anchor && issuer.version < 3;
    if !issuer.is_ca() && !old_root {
        return Some(Break::NotCa { issuer: name });
    }
    if issuer.extensions.key_usage.is_some_and(|usage| usage.any && !usage.cert_sign) {
        return Some(Break::MayNotSign { issuer: name });
    }
    let allowed = issuer.extensions.basic.and_then(|basic| basic.path_len);
    if let Some(allowed) =
        allowed.filter(|allowed| u64::try_from(between).is_ok_and(|n| n > *allowed))
    {
        return Some(Break::PathTooLong { issuer: name, allowed, found: between });
    }
    let id = issuer.extensions.unknown_critical.first()?.clone();
    Some(Break::UnknownCritical { subject: name, id })
}

/// Go's `checkChainForKeyUsage`: a CA with usages must have the one it issues for.
fn wrong_usage(ca: &Cert) -> Option<Break> {
    let usage = ca.extensions.extended_usage.as_ref().filter(|usage| !usage.server)?;
    Some(Break::CaNotForServers { issuer: ca.subject.clone(), listed: usage.listed.clone() })
}

/// Go's `checkChainConstraints`.
fn forbidden_name(ca: &Cert, below: &Cert) -> Option<Break> {
    let constraints = ca.extensions.constraints.as_ref()?;
    let names = below.extensions.names.as_ref()?;
    let name = match constraints.forbidden(names) {
        Some(name) => name.to_owned(),
        None => constraints.forbidden_ip(names)?.to_string(),
    };
    Some(Break::NameForbidden { issuer: ca.subject.clone(), name })
}
