//! Numbers as people read them.

/// Bytes in powers of 1024, as `du -h` counts: `13.4 MiB`.
pub(crate) fn human(bytes: u64) -> String {
    let units = [("GiB", 30), ("MiB", 20), ("KiB", 10)];
    for (unit, shift) in units {
        if bytes >> shift > 0 {
            let tenths = (u128::from(bytes) * 10 + (1 << (shift - 1))) >> shift;
            return format!("{}.{} {unit}", tenths / 10, tenths % 10);
        }
    }
    format!("{bytes} B")
}

/// A change of bytes, with its sign: `+1.2 KiB`.
pub(crate) fn change(before: u64, after: u64) -> String {
    let sign = if after < before { '−' } else { '+' };
    format!("{sign}{}", human(after.abs_diff(before)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_are_short() {
        assert_eq!(
            [0, 1023, 1024, 1_503_238_553].map(human),
            ["0 B", "1023 B", "1.0 KiB", "1.4 GiB"]
        );
        assert_eq!([change(2048, 1024), change(5, 5)], ["−1.0 KiB", "+0 B"]);
    }
}
