//! Which certificate of the file is the server's, and whether each one after it issues the one before.
//!
//! TLS 1.2 demands that order (RFC 5246, section 7.4.2); TLS 1.3 lets clients accept others (RFC 8446, section
//! 4.4.2), and not all do. Go takes the first certificate for the server's whatever it is. Here the server's
//! certificate is recognised where it really stands, so that a bundle in the wrong order is reported as
//! that, and not as a wrong key or a wrong name too.

use crate::detail::Detail;
use crate::links::Links;
use crate::public_key::PublicKey;

/// The place of the server's certificate. In this order:
/// 1. the first certificate, when the private key is its own and it is not a CA that issued another one;
/// 2. a later one that the private key belongs to, unless it is a CA and so the wrong key was given;
/// 3. the first one, when it is neither a CA nor the issuer of another one;
/// 4. the first later one that is neither;
/// 5. when all are CAs, the first one that issues no other.
pub(crate) fn leaf(links: &mut Links<'_>, key: Option<&PublicKey>) -> usize {
    let served = links.served();
    if served.len() < 2 {
        return 0;
    }
    let has_key = |links: &Links<'_>, at: usize| {
        key.is_some_and(|key| links.get(at).is_some_and(|cert| cert.key == *key))
    };
    let is_ca = |links: &Links<'_>, at: usize| links.get(at).is_some_and(|cert| cert.is_ca());
    let ends: Vec<usize> = served.filter(|at| issues_none(links, *at)).collect();
    if has_key(links, 0) && (ends.contains(&0) || !is_ca(links, 0)) {
        return 0;
    }
    let plain: Vec<usize> = ends.iter().copied().filter(|at| !is_ca(links, *at)).collect();
    if let Some(owner) = plain.iter().find(|at| has_key(links, **at)) {
        return *owner;
    }
    if let Some(first) = plain.first() {
        return *first;
    }
    let owner = ends.iter().find(|at| has_key(links, **at));
    owner.or(ends.first()).copied().unwrap_or(0)
}

fn issues_none(links: &mut Links<'_>, at: usize) -> bool {
    links.served().all(|other| links.same(at, other) || !links.issued(at, other))
}

/// The certificates that the file holds on the way up from the server's, which comes first; each one once.
pub(crate) fn upwards(links: &mut Links<'_>, leaf: usize) -> Vec<usize> {
    let mut way = vec![leaf];
    let mut next = 0;
    while let Some(child) = way.get(next).copied() {
        next += 1;
        for parent in links.served() {
            let known = way.iter().any(|on_way| links.same(*on_way, parent));
            if !known && links.issued(parent, child) {
                way.push(parent);
            }
        }
    }
    way
}

/// What is wrong with the order, and where. `chain_broken` is whether the chain is already reported as invalid:
/// then an issuer of the right name and the wrong key is part of that.
pub(crate) fn faults(
    links: &mut Links<'_>,
    leaf: usize,
    chain_broken: bool,
) -> Vec<(usize, Detail)> {
    if leaf != 0 {
        let number = links.get(leaf).map_or(leaf + 1, |cert| cert.number);
        return vec![(leaf, Detail::LeafNotFirst { number })];
    }
    let mut faults = Vec::new();
    let mut before = 0;
    for at in links.served().skip(1) {
        let Some(child) = links.get(before) else { break };
        if let Some(twin) = links.served().take(at).find(|earlier| links.same(*earlier, at)) {
            faults.push((
                at,
                Detail::Duplicate { of: links.get(twin).map_or(twin + 1, |cert| cert.number) },
            ));
            continue;
        }
        if !links.named(at, before) {
            faults.push((at, Detail::NotTheIssuer { wanted: child.issuer.clone() }));
        } else if !chain_broken && !links.issued(at, before) {
            faults.push((at, Detail::NotTheSigner { number: child.number }));
        }
        before = at;
    }
    faults
}
