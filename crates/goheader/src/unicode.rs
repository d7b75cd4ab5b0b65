//! Go's classes of characters.

/// `unicode.IsLetter`, nearly: Rust's property has some marks more.
pub(crate) fn is_letter(c: char) -> bool {
    c.is_ascii_alphabetic() || (!c.is_ascii() && c.is_alphabetic())
}

/// `unicode.IsDigit`: decimal digits.
pub(crate) fn is_digit(c: char) -> bool {
    c.is_ascii_digit() || (!c.is_ascii() && c.is_numeric())
}

/// `go/build.isValidImport`
pub(crate) fn is_valid_import(path: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"/._-~+@".contains(&byte);
    if path.bytes().all(plain) {
        return !path.is_empty();
    }
    let illegal = |c: char| "!\"#$%&'()*,:;<=>?[\\]^{|}`\u{fffd}".contains(c);
    !path.is_empty() && path.chars().all(|c| !c.is_control() && !c.is_whitespace() && !illegal(c))
}
