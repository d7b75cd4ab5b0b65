//! Name constraints of CA certificates (RFC 5280, section 4.2.1.10), with the rules of Go's
//! `x509.checkChainConstraints`: DNS names, IP addresses, e-mail addresses and URI hosts.

use crate::der::{Malformed, Reader, explicit, implicit};
use crate::extensions::{Names, ascii, ip};
use std::net::IpAddr;

const EMAIL: u8 = implicit(1);
const DNS: u8 = implicit(2);
const URI: u8 = implicit(6);
const IP: u8 = implicit(7);

/// What a CA may issue for, and what it may not.
#[derive(Debug, Clone, Default)]
pub(crate) struct Constraints {
    permitted: Subtrees,
    excluded: Subtrees,
}

#[derive(Debug, Clone, Default)]
struct Subtrees {
    dns: Vec<String>,
    ips: Vec<(IpAddr, IpAddr)>,
    emails: Vec<String>,
    uris: Vec<String>,
}

impl Constraints {
    /// The constraints, and whether all of them are of a kind that Go knows.
    pub(crate) fn read(value: &[u8]) -> Result<(Self, bool), Malformed> {
        let mut outer = Reader::new(value);
        let mut inside = outer.sequence()?;
        let permitted = inside.optional(explicit(0))?.unwrap_or_default();
        let excluded = inside.optional(explicit(1))?.unwrap_or_default();
        if !outer.is_empty() || !inside.is_empty() || permitted.is_empty() && excluded.is_empty() {
            return Err(Malformed);
        }
        let (permitted, known_permitted) = Subtrees::read(permitted)?;
        let (excluded, known_excluded) = Subtrees::read(excluded)?;
        Ok((Self { permitted, excluded }, known_permitted && known_excluded))
    }

    /// The first name that the CA may not issue for.
    pub(crate) fn forbidden<'a>(&self, names: &'a Names) -> Option<&'a str> {
        let Self { permitted, excluded } = self;
        let dns = names.dns.iter().find(|name| {
            !is_domain(name)
                || !permitted.dns.is_empty() && !permitted.dns.iter().any(|tree| within(tree, name))
                || excluded.dns.iter().any(|tree| within(tree, name) || wildcard_covers(name, tree))
        });
        let email = names.emails.iter().find(|email| {
            let Some((local, domain)) =
                email.rsplit_once('@').filter(|(local, _)| !local.is_empty())
            else {
                return true;
            };
            let inside = |tree: &String| match tree.rsplit_once('@') {
                Some((l, d)) => l == local && d.eq_ignore_ascii_case(domain),
                None => within(tree, domain),
            };
            !is_domain(domain)
                || !permitted.emails.is_empty() && !permitted.emails.iter().any(inside)
                || excluded.emails.iter().any(inside)
        });
        let uri = names.uris.iter().find(|uri| {
            let Some(host) = uri_host(uri) else { return true };
            !is_domain(host)
                || !permitted.uris.is_empty()
                    && !permitted.uris.iter().any(|tree| within(tree, host))
                || excluded.uris.iter().any(|tree| within(tree, host))
        });
        dns.or(email).or(uri).map(String::as_str)
    }

    /// The first address that the CA may not issue for.
    pub(crate) fn forbidden_ip(&self, names: &Names) -> Option<IpAddr> {
        let Self { permitted, excluded } = self;
        let found = names.ips.iter().find(|ip| {
            !permitted.ips.is_empty() && !permitted.ips.iter().any(|net| contains(net, **ip))
                || excluded.ips.iter().any(|net| contains(net, **ip))
        });
        found.copied()
    }
}

impl Subtrees {
    fn read(value: &[u8]) -> Result<(Self, bool), Malformed> {
        let mut list = Reader::new(value);
        let mut trees = Self::default();
        let mut known = true;
        while !list.is_empty() {
            let (identifier, base) = list.sequence()?.any()?;
            match identifier {
                DNS => trees.dns.push(domain(base)?),
                URI => {
                    let host = domain(base)?;
                    if host.parse::<IpAddr>().is_ok() {
                        return Err(Malformed);
                    }
                    trees.uris.push(host);
                }
                EMAIL if base.contains(&b'@') => trees.emails.push(ascii(base)?),
                EMAIL => trees.emails.push(domain(base)?),
                IP => {
                    let halves = base.split_at_checked(base.len() / 2).ok_or(Malformed)?;
                    let (address, mask) = (ip(halves.0)?, ip(halves.1)?);
                    // Ones and then zeros, nothing between.
                    if number(mask).leading_ones() != number(mask).count_ones() {
                        return Err(Malformed);
                    }
                    trees.ips.push((address, mask));
                }
                _ => known = false,
            }
        }
        Ok((trees, known))
    }
}

/// A constraint on domains: one of them, or a suffix that starts with a dot.
fn domain(bytes: &[u8]) -> Result<String, Malformed> {
    let domain = ascii(bytes)?;
    let bare = domain.strip_prefix('.').unwrap_or(&domain);
    if domain.is_empty() || is_domain(bare) && !bare.is_empty() {
        Ok(domain)
    } else {
        Err(Malformed)
    }
}

/// Go's `domainNameValid`: printable labels, none of them empty, no dot at the end. No name at all passes.
fn is_domain(name: &str) -> bool {
    name.is_empty()
        || name
            .split('.')
            .all(|label| !label.is_empty() && label.bytes().all(|b| (33..=126).contains(&b)))
}

/// Go's `dnsHasSuffix`.
fn within(tree: &str, name: &str) -> bool {
    if tree.is_empty() {
        return true;
    }
    let (tree, name) = (tree.as_bytes(), name.as_bytes());
    let Some((before, tail)) =
        name.len().checked_sub(tree.len()).and_then(|at| name.split_at_checked(at))
    else {
        return false;
    };
    let at_label = tree.first() == Some(&b'.') || before.last().is_none_or(|b| *b == b'.');
    at_label && tail.eq_ignore_ascii_case(tree)
}

/// Whether a wildcard name could stand for the excluded name itself.
fn wildcard_covers(name: &str, excluded: &str) -> bool {
    match (name.strip_prefix('*'), excluded.split_once('.')) {
        (Some(parent), Some((_, rest))) => {
            parent.strip_prefix('.').is_some_and(|parent| parent.eq_ignore_ascii_case(rest))
        }
        _ => false,
    }
}

/// The host of a URI; `None` where Go finds none, or an IP address, and so refuses the chain.
fn uri_host(uri: &str) -> Option<&str> {
    let (_, rest) = uri.split_once("://")?;
    let authority = rest.split(['/', '?', '#']).next()?;
    let host = authority.rsplit_once('@').map_or(authority, |(_, host)| host);
    if host.is_empty() || host.ends_with(']') {
        return None;
    }
    let host = host.rsplit_once(':').map_or(host, |(host, _)| host);
    if host.is_empty() || host.starts_with('[') || host.parse::<IpAddr>().is_ok() {
        None
    } else {
        Some(host)
    }
}

fn contains((network, mask): &(IpAddr, IpAddr), ip: IpAddr) -> bool {
    network.is_ipv4() == ip.is_ipv4() && (number(*network) ^ number(ip)) & number(*mask) == 0
}

/// An address as a number; IPv4 takes the upper bits.
fn number(ip: IpAddr) -> u128 {
    match ip {
        IpAddr::V4(four) => u128::from(four.to_bits()) << 96,
        IpAddr::V6(six) => six.to_bits(),
    }
}
