//! `base64.StdEncoding` as Go has it, which is laxer than most: line ends inside the text are passed over, and the
//! bits behind the last byte may be anything.

use base64::Engine as _;
use base64::alphabet::STANDARD;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use std::borrow::Cow;

const ENGINE: GeneralPurpose = GeneralPurpose::new(
    &STANDARD,
    GeneralPurposeConfig::new()
        .with_decode_allow_trailing_bits(true)
        .with_decode_padding_mode(DecodePaddingMode::RequireCanonical),
);

pub(crate) fn encode(bytes: &[u8]) -> String {
    ENGINE.encode(bytes)
}

pub(crate) fn decode(text: &[u8]) -> Option<Vec<u8>> {
    let is_line_end = |b: &u8| matches!(b, b'\r' | b'\n');
    let text = if text.iter().any(is_line_end) {
        Cow::Owned(text.iter().copied().filter(|b| !is_line_end(b)).collect())
    } else {
        Cow::Borrowed(text)
    };
    ENGINE.decode(text.as_ref()).ok()
}
