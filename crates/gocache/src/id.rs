//! The names of actions and outputs.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use std::fmt;

/// A SHA-256: of what an action is made of, or of an output's bytes.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Id(pub [u8; 32]);

impl Id {
    /// From 64 hexadecimal digits, in either case as Go's decoder takes them.
    pub fn from_hex(text: &[u8]) -> Option<Self> {
        let mut id = [0; 32];
        if text.len() != 64 {
            return None;
        }
        for (byte, pair) in id.iter_mut().zip(text.chunks_exact(2)) {
            let [high, low] = pair else { return None };
            *byte = digit(*high)? << 4 | digit(*low)?;
        }
        Some(Self(id))
    }

    /// The 120 bits of it that a build ID carries (`HashToString` in
    /// [`cmd/internal/buildid`](https://go.dev/src/cmd/internal/buildid/buildid.go)).
    pub fn short(&self) -> String {
        URL_SAFE_NO_PAD.encode(&self.0[..15])
    }
}

fn digit(letter: u8) -> Option<u8> {
    char::from(letter).to_digit(16).and_then(|digit| u8::try_from(digit).ok())
}

impl fmt::Display for Id {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const DIGITS: &[u8; 16] = b"0123456789abcdef";
        let mut text = [0_u8; 64];
        for (pair, byte) in text.chunks_exact_mut(2).zip(self.0) {
            pair.copy_from_slice(&[DIGITS[usize::from(byte >> 4)], DIGITS[usize::from(byte & 15)]]);
        }
        // A warm build asks for thousands.
        f.write_str(std::str::from_utf8(&text).unwrap_or_default())
    }
}

impl fmt::Debug for Id {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_printed_is_read_again() {
        let id = Id(std::array::from_fn(|i| u8::try_from(i * 7).unwrap()));
        assert_eq!(Id::from_hex(id.to_string().as_bytes()), Some(id));
        assert_eq!(Id::from_hex(id.to_string().to_uppercase().as_bytes()), Some(id));
        assert_eq!(Id::from_hex(&id.to_string().as_bytes()[1..]), None);
        assert_eq!(Id::from_hex(&[b'+'; 64]), None);
    }

    #[test]
    fn a_build_id_carries_twenty_letters() {
        assert_eq!(Id([0xff; 32]).short(), "_".repeat(20));
    }
}
