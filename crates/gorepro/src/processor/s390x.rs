//! s390x. Source: z/Architecture Principles of Operation, "Instruction Formats" and appendix B.

use super::{Field, Unit, Walk};

const STACK: u8 = 15;

pub(super) fn unit(walk: &mut Walk<'_, '_>) -> Option<Unit> {
    let code = walk.code.get(walk.at..)?;
    let (first, second) = (*code.first()?, *code.get(1)?);
    let length = match first >> 6 {
        0 => 2,
        3 => 6,
        _ => 4,
    };
    let bytes = code.get(..length)?;
    let here = walk.here();
    let number = |from: usize, count: usize| {
        let bytes = bytes.get(from..from + count).unwrap_or_default();
        let value = bytes.iter().fold(0_u64, |sum, byte| sum << 8 | u64::from(*byte));
        let unused = 64 - 8 * count as u32;
        (value << unused).cast_signed() >> unused
    };
    let with = |from: usize, count: usize, what: Field| {
        let shape = bytes.iter().enumerate().fold(0_u128, |sum, (at, byte)| {
            let kept = !(from..from + count).contains(&at);
            sum << 8 | if kept { u128::from(*byte) } else { 0 }
        });
        Some(Unit { length, shape, fields: [what, Field::None] })
    };
    // Distances count halves of words.
    let far = || here.wrapping_add_signed(number(2, 4).wrapping_mul(2));
    let plain = |from: usize, count: usize| {
        with(from, count, Field::Number(number(from, count).cast_unsigned()))
    };
    match (first, second & 15) {
        // BRCL, BRASL; LARL, and loads and stores of a place.
        (0xc0, 4 | 5) => with(2, 4, Field::Branch(far())),
        (0xc0, 0) | (0xc4 | 0xc6, _) => with(2, 4, Field::Place(far())),
        // LGFI, IIHF, LLILF and the like; AGFI, CGFI; AIH.
        (0xc0, 1 | 6..=15) | (0xc2, _) | (0xcc, 8..=15) => plain(2, 4),
        // LGHI, AGHI, CGHI; IIHH, LLILL.
        (0xa7, 0..=3 | 8..=15) | (0xa5, _) if second >> 4 != STACK => plain(2, 2),
        // MVI, CLI, NI, OI, XI.
        (0x92 | 0x94..=0x97, _) => plain(1, 1),
        // MVHHI, MVGHI, MVHI, CHSI and the like.
        (0xe5, _) if matches!(second, 0x44 | 0x48 | 0x4c | 0x54..=0x5d) => plain(4, 2),
        (0xec, _) => match bytes.last() {
            // CGIJ and the like; AHIK, AGHIK.
            Some(0x7c..=0x7f) => plain(4, 1),
            Some(0xd8..=0xdb) if second & 15 != STACK => plain(2, 2),
            _ => with(0, 0, Field::None),
        },
        _ => with(0, 0, Field::None),
    }
}
