//! Which trace a build belongs to, and what its spans are called: the same each time they are asked for.

use sha2::{Digest as _, Sha256};

/// The span that a build is part of, as `TRACEPARENT` hands it down
/// (<https://www.w3.org/TR/trace-context/#traceparent-header>).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TraceParent {
    /// The trace.
    pub trace_id: [u8; 16],
    /// The span.
    pub span_id: [u8; 8],
    /// Bit 0: it is recorded.
    pub flags: u8,
}

impl TraceParent {
    /// Reads the header. What does not keep to the format is none, as the recommendation demands.
    pub fn parse(text: &str) -> Option<Self> {
        let mut parts = text.trim().split('-');
        let (version, trace, span, flags) =
            (parts.next()?, parts.next()?, parts.next()?, parts.next()?);
        let version: [u8; 1] = hex(version)?;
        // A later version may say more; this one says nothing more.
        if version == [0xff] || version == [0] && parts.next().is_some() {
            return None;
        }
        let parent =
            Self { trace_id: hex(trace)?, span_id: hex(span)?, flags: hex::<1>(flags)?[0] };
        (parent.trace_id != [0; 16] && parent.span_id != [0; 8]).then_some(parent)
    }
}

fn hex<const N: usize>(text: &str) -> Option<[u8; N]> {
    let lower = text.bytes().all(|byte| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte));
    if text.len() != 2 * N || !lower {
        return None;
    }
    let mut bytes = [0; N];
    for (at, byte) in bytes.iter_mut().enumerate() {
        *byte = u8::from_str_radix(text.get(2 * at..2 * at + 2)?, 16).ok()?;
    }
    Some(bytes)
}

/// The trace of a run that is part of no other.
pub(super) fn trace_id(run_id: &str) -> [u8; 16] {
    first(&["trace", run_id])
}

/// The span of a part of a run.
pub(super) fn span_id(run_id: &str, path: &str) -> [u8; 8] {
    first(&["span", run_id, path])
}

/// The first bytes of a hash; parts are told apart by their length.
fn first<const N: usize>(parts: &[&str]) -> [u8; N] {
    let mut hash = Sha256::new();
    for part in parts {
        hash.update((part.len() as u64).to_le_bytes());
        hash.update(part);
    }
    let mut bytes = [0; N];
    for (to, from) in bytes.iter_mut().zip(hash.finalize()) {
        *to = from;
    }
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_header_is_taken_as_the_recommendation_has_it() {
        let good = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
        let parent = TraceParent::parse(good).unwrap();
        assert_eq!((parent.trace_id[0], parent.span_id[7], parent.flags), (0x0a, 0x31, 1));
        assert!(
            TraceParent::parse("cc-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01-more")
                .is_some()
        );
        for bad in [
            "",
            "00-0AF7651916CD43DD8448EB211C80319C-b7ad6b7169203331-01",
            "ff-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
            "00-00000000000000000000000000000000-b7ad6b7169203331-01",
            "00-0af7651916cd43dd8448eb211c80319c-0000000000000000-01",
            "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01-more",
            "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331",
            "00-0af7651916cd43dd8448eb211c8031é-b7ad6b7169203331-01",
        ] {
            assert_eq!(TraceParent::parse(bad), None, "{bad}");
        }
    }

    #[test]
    fn identifiers_are_the_same_each_time_and_differ_otherwise() {
        assert_eq!(span_id("run", "a"), span_id("run", "a"));
        assert_ne!(span_id("run", "a"), span_id("run", "b"));
        assert_ne!(span_id("runa", ""), span_id("run", "a"));
    }
}
