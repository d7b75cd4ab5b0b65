//! Instructions of arm64 that set a register to a number.
//!
//! Source: Arm Architecture Reference Manual, `MOVZ` and `ORR (immediate)`.

/// What an instruction of arm64 sets a register to, where that is a small number: `MOVZ` without a shift, and `ORR` of
/// the zero register with one run of ones, which assemblers choose where they can.
pub(crate) fn small_number(word: u32) -> Option<u64> {
    if word & 0x7fe0_0000 == 0x5280_0000 {
        return Some(u64::from(word >> 5 & 0xffff));
    }
    // sf=1, N=1 or sf=0, N=0: the run is repeated nowhere.
    let (wide, whole) = (word >> 31 == 1, word >> 22 & 1 == 1);
    if word & 0x7f80_03e0 != 0x3200_03e0 || wide != whole {
        return None;
    }
    let (rotate, ones) = (word >> 16 & 63, word >> 10 & 63);
    let bits = if wide { 64 } else { 32 };
    if ones >= bits - 1 || rotate >= bits {
        return None;
    }
    let run = (1_u64 << (ones + 1)) - 1;
    let value = if wide {
        run.rotate_right(rotate)
    } else {
        u64::from(u32::try_from(run).ok()?.rotate_right(rotate))
    };
    (value <= 0xffff).then_some(value)
}

#[cfg(test)]
mod tests {
    use super::small_number;

    #[test]
    fn numbers_are_written_in_two_ways() {
        // mov x2, #5 · orr x2, xzr, #6 · orr w2, wzr, #8 · orr x2, xzr, #0xff · add x2, x2, #5
        let words = [0xd280_00a2, 0xb27f_07e2, 0x321d_03e2, 0xb240_1fe2, 0x9100_1442];
        assert_eq!(words.map(small_number), [Some(5), Some(6), Some(8), Some(255), None]);
    }
}
