//! Distinguished names: their encoding checked as Go's `x509.parseName` does, their text made safe to print.

use crate::cert::printable_text;
use crate::der::{Malformed, Reader, SEQUENCE, SET};
use crate::extensions::ascii;

const UTF8_STRING: u8 = 12;
const NUMERIC_STRING: u8 = 18;
const PRINTABLE_STRING: u8 = 19;
const T61_STRING: u8 = 20;
const IA5_STRING: u8 = 22;
const BMP_STRING: u8 = 30;

/// The text of a Name, such as `O=Example, CN=root`, in the order of its encoding.
pub(crate) fn read(der: &[u8]) -> Result<String, Malformed> {
    let mut sets = Reader::new(der);
    let mut sets = Reader::new(sets.read(SEQUENCE)?);
    let mut text = String::new();
    while !sets.is_empty() {
        let mut set = Reader::new(sets.read(SET)?);
        let mut separator = ", ";
        while !set.is_empty() {
            let mut attribute = set.sequence()?;
            let kind = attribute.oid()?;
            let (identifier, bytes) = attribute.any()?;
            let value = string(identifier, bytes)?;
            if !text.is_empty() {
                text.push_str(separator);
            }
            separator = " + ";
            text.push_str(&format!("{}={value}", short(&kind)));
        }
    }
    Ok(if text.is_empty() { "(no name)".to_owned() } else { printable_text(&text) })
}

fn short(kind: &str) -> &str {
    match kind {
        "2.5.4.3" => "CN",
        "2.5.4.5" => "serialNumber",
        "2.5.4.6" => "C",
        "2.5.4.7" => "L",
        "2.5.4.8" => "ST",
        "2.5.4.9" => "street",
        "2.5.4.10" => "O",
        "2.5.4.11" => "OU",
        "0.9.2342.19200300.100.1.1" => "UID",
        "0.9.2342.19200300.100.1.25" => "DC",
        "1.2.840.113549.1.9.1" => "emailAddress",
        other => other,
    }
}

/// Go's `parseASN1String`.
fn string(identifier: u8, bytes: &[u8]) -> Result<String, Malformed> {
    let all = |allowed: fn(&u8) -> bool| {
        if bytes.iter().all(allowed) { ascii(bytes) } else { Err(Malformed) }
    };
    match identifier {
        UTF8_STRING => std::str::from_utf8(bytes).map(str::to_owned).map_err(|_| Malformed),
        // Taken for Latin-1, as everyone does.
        T61_STRING => Ok(bytes.iter().copied().map(char::from).collect()),
        PRINTABLE_STRING => all(|b| b.is_ascii_alphanumeric() || b" '()*+,-./:=?&".contains(b)),
        NUMERIC_STRING => all(|b| b.is_ascii_digit() || *b == b' '),
        IA5_STRING => ascii(bytes),
        BMP_STRING => bmp(bytes.strip_suffix(&[0, 0]).unwrap_or(bytes)),
        _ => Err(Malformed),
    }
}

/// UCS-2: no surrogates, and no code point that is no character.
fn bmp(bytes: &[u8]) -> Result<String, Malformed> {
    let (pairs, odd) = bytes.as_chunks::<2>();
    if !odd.is_empty() {
        return Err(Malformed);
    }
    let points = pairs.iter().map(|pair| u16::from_be_bytes(*pair));
    let char = |point| match point {
        0xfdd0..=0xfdef | 0xfffe | 0xffff => Err(Malformed),
        _ => char::from_u32(u32::from(point)).ok_or(Malformed),
    };
    points.map(char).collect()
}
