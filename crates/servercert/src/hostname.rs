//! Whether a certificate is for a name: Go's `x509.Certificate.VerifyHostname`.

use crate::extensions::Names;
use std::net::IpAddr;

/// Whether the names cover `host`: a DNS name, or an IP address, which may stand in brackets.
pub(crate) fn covers(names: &Names, host: &str) -> bool {
    let bare = host.strip_prefix('[').and_then(|host| host.strip_suffix(']')).unwrap_or(host);
    if let Ok(ip) = bare.parse::<IpAddr>() {
        // Addresses match only address names: RFC 6125, appendix B.2.
        return names.ips.iter().any(|name| name.to_canonical() == ip.to_canonical());
    }
    let host = a_labels(host);
    names.dns.iter().any(|name| matches(name, &host))
}

/// `host` is in lower case.
fn matches(pattern: &str, host: &str) -> bool {
    let pattern = pattern.to_ascii_lowercase();
    let bare = host.strip_suffix('.').unwrap_or(host);
    if !is_hostname(bare, false) || !is_hostname(&pattern, true) {
        // Names outside the rules match only themselves, without wildcards.
        return !host.is_empty() && host != "." && pattern == host;
    }
    match pattern.strip_prefix("*.") {
        Some(parent) => bare.split_once('.').is_some_and(|(_, rest)| rest == parent),
        None => pattern == bare,
    }
}

fn is_hostname(host: &str, is_pattern: bool) -> bool {
    host != "*"
        && host.split('.').enumerate().all(|(n, label)| {
            let wildcard = is_pattern && n == 0 && label == "*";
            let plain = |b: u8| b.is_ascii_alphanumeric() || b == b'-' || b == b'_';
            wildcard || !label.is_empty() && !label.starts_with('-') && label.bytes().all(plain)
        })
}

/// The name in lower case, each label that is not ASCII as Punycode: certificates hold A-labels (RFC 5280,
/// section 7.2). Only the lower-casing of UTS 46 is done, not its other mappings.
fn a_labels(host: &str) -> String {
    if host.is_ascii() {
        return host.to_ascii_lowercase();
    }
    let labels = host.split(['.', '。', '．', '｡']).map(|label| {
        let label = label.to_lowercase();
        if label.is_ascii() {
            return label;
        }
        // A label over 63 characters is no label; leaving it as it is keeps the work small.
        punycode(&label).map_or(label, |code| format!("xn--{code}"))
    });
    labels.collect::<Vec<_>>().join(".")
}

/// The encoding procedure of RFC 3492, section 6.3.
fn punycode(label: &str) -> Option<String> {
    let points: Vec<u32> = label.chars().map(u32::from).collect();
    if points.len() > 63 {
        return None;
    }
    let mut out: String = label.chars().filter(char::is_ascii).collect();
    let basic = u32::try_from(out.len()).ok()?;
    if basic > 0 {
        out.push('-');
    }
    let (mut n, mut delta, mut bias, mut done) = (128_u32, 0_u32, 72_u32, basic);
    while usize::try_from(done).ok()? < points.len() {
        let next = *points.iter().filter(|point| **point >= n).min()?;
        delta = delta.checked_add((next - n).checked_mul(done + 1)?)?;
        n = next;
        for point in &points {
            if *point < n {
                delta = delta.checked_add(1)?;
            }
            if *point == n {
                push_number(&mut out, delta, bias)?;
                bias = adapt(delta, done + 1, done == basic);
                delta = 0;
                done += 1;
            }
        }
        delta = delta.checked_add(1)?;
        n = n.checked_add(1)?;
    }
    Some(out)
}

/// A generalized variable-length integer: RFC 3492, section 3.3.
fn push_number(out: &mut String, mut rest: u32, bias: u32) -> Option<()> {
    let digit = |value: u32| match value {
        0..26 => char::from_u32(u32::from('a') + value),
        _ => char::from_u32(u32::from('0') + value - 26),
    };
    for k in (36_u32..).step_by(36) {
        let threshold = k.saturating_sub(bias).clamp(1, 26);
        if rest < threshold {
            break;
        }
        let span = 36 - threshold;
        out.push(digit(threshold + (rest - threshold) % span)?);
        rest = (rest - threshold) / span;
    }
    out.push(digit(rest)?);
    Some(())
}

/// RFC 3492, section 6.1.
fn adapt(delta: u32, points: u32, first: bool) -> u32 {
    let mut delta = if first { delta / 700 } else { delta / 2 };
    delta += delta / points;
    let mut k = 0;
    while delta > 455 {
        delta /= 35;
        k += 36;
    }
    k + 36 * delta / (delta + 38)
}

#[cfg(test)]
mod tests {
    use super::{a_labels, covers};
    use crate::extensions::Names;

    #[test]
    fn covers_what_go_covers() {
        // (names of the certificate, host, covered)
        let cases = [
            ("example.test", "example.test", true),
            ("example.test", "EXAMPLE.Test", true),
            ("EXAMPLE.TEST", "example.test", true),
            ("example.test", "example.test.", true),
            ("example.test.", "example.test", false),
            ("example.test", "www.example.test", false),
            ("*.example.test", "www.example.test", true),
            ("*.example.test", "WWW.example.test.", true),
            ("*.example.test", "a.b.example.test", false),
            ("*.example.test", "example.test", false),
            ("*.example.test", ".example.test", false),
            ("w*.example.test", "www.example.test", false),
            ("www.*.test", "www.example.test", false),
            ("*", "localhost", false),
            ("*.*.test", "a.b.test", false),
            ("localhost", "localhost", true),
            ("a_b.example.test", "a_b.example.test", true),
            ("*.example.test", "*.example.test", true),
            ("xn--bcher-kva.example.test", "bücher.example.test", true),
            ("xn--bcher-kva.example.test", "BÜCHER.example.test", true),
            ("example.test", "", false),
            ("", "", false),
            ("192.0.2.1", "192.0.2.1", false),
            ("ip:192.0.2.1", "192.0.2.1", true),
            ("ip:192.0.2.1", "::ffff:192.0.2.1", true),
            ("ip:192.0.2.1", "192.0.2.2", false),
            ("ip:2001:db8::1", "[2001:db8::1]", true),
            ("ip:2001:db8::1", "2001:DB8:0::1", true),
            ("ip:2001:db8::1", "2001:db8::1%eth0", false),
        ];
        for (san, host, expected) in cases {
            let mut names = Names::default();
            match san.strip_prefix("ip:") {
                Some(ip) => names.ips.push(ip.parse().unwrap()),
                None => names.dns.push(san.to_owned()),
            }
            assert_eq!(covers(&names, host), expected, "certificate for {san:?}, host {host:?}");
        }
    }

    #[test]
    fn labels_that_are_not_ascii_become_punycode() {
        // The last two are samples of RFC 3492, section 7.1.
        for (label, expected) in [
            ("münchen.example", "xn--mnchen-3ya.example"),
            ("例子.测试", "xn--fsqu00a.xn--0zwm56d"),
            ("他们为什么不说中文", "xn--ihqwcrb4cv8a8dqg056pqjye"),
            ("3年b組金八先生", "xn--3b-ww4c5e180e575a65lsy2b"),
        ] {
            assert_eq!(a_labels(label), expected);
        }
    }
}
