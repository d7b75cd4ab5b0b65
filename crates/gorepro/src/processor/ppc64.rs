//! ppc64, both byte orders. Source: Power ISA 3.1, "Instruction Formats" and "Prefixed Instructions".

use super::{Field, Unit, Walk, signed};

const LOW: u32 = 0xffff;
/// Registers: of the stack, of the table of contents, of the function's own address as it is called.
const STACK: u32 = 1;
const CONTENTS: u32 = 2;
const OWN: u32 = 12;

pub(super) fn unit(walk: &mut Walk<'_, '_>) -> Option<Unit> {
    let word = walk.word(0)?;
    let here = walk.here();
    let (target, base) = (word >> 21 & 31, word >> 16 & 31);
    let number = signed(word & LOW, 16);
    Some(match word >> 26 {
        // B and BL.
        18 => {
            let offset = signed(word & 0x03ff_fffc, 26);
            let from = if word & 2 == 0 { here } else { 0 };
            Unit::word(word, 0x03ff_fffc, Field::Branch(from.wrapping_add_signed(offset)))
        }
        15 => added(walk, word).unwrap_or_else(|| {
            let what = if base == STACK {
                Field::None
            } else {
                Field::Number(number.cast_unsigned() << 16)
            };
            let field = if base == STACK { 0 } else { LOW };
            Unit::word(word, field, what)
        }),
        14 | 12 | 13 | 7 | 8 | 11 if base != STACK => {
            Unit::word(word, LOW, Field::Number(number.cast_unsigned()))
        }
        // Here the first register is the source.
        24..=29 if target != STACK => Unit::word(word, LOW, Field::Number(u64::from(word & LOW))),
        10 => Unit::word(word, LOW, Field::Number(u64::from(word & LOW))),
        // Of eight bytes.
        1 => {
            let next = walk.word(1)?;
            let low = i64::from(next & LOW);
            let whole = signed(word & 0x3ffff, 18) << 16 | low;
            let to = match (word >> 20 & 1, next >> 16 & 31) {
                (1, _) => Field::Place(here.wrapping_add_signed(whole)),
                (_, 0) => Field::Either(whole.cast_unsigned()),
                _ => Field::Offset(whole.cast_unsigned()),
            };
            Unit::pair([word, next], [0x3ffff, LOW], to)
        }
        _ => Unit::plain(4, word.into()),
    })
}

/// ADDIS, with what adds to it.
fn added(walk: &mut Walk<'_, '_>, word: u32) -> Option<Unit> {
    let (target, base) = (word >> 21 & 31, word >> 16 & 31);
    let next = walk.word(1)?;
    let high = i64::from((word << 16).cast_signed());
    if next >> 26 == 24 && next >> 21 & 31 == target && base == 0 {
        let whole = high | i64::from(next & LOW);
        return Some(Unit::pair([word, next], [LOW; 2], Field::Number(whole.cast_unsigned())));
    }
    if target == 0 || next >> 16 & 31 != target {
        return None;
    }
    let field = match next >> 26 {
        14 | 32..=55 => LOW,
        57 | 58 | 62 => LOW & !3,
        61 if next & 3 == 1 => LOW & !15,
        56 => LOW & !15,
        61 => LOW & !3,
        _ => return None,
    };
    let whole = high + signed(next & field, 16);
    let start = match base {
        0 => 0,
        CONTENTS => walk.state.contents?,
        // What a function that may lie anywhere begins with.
        OWN if walk.at == 0 && target == CONTENTS => {
            walk.state.contents = Some(walk.address.wrapping_add_signed(whole));
            walk.address
        }
        _ => return None,
    };
    let to = start.wrapping_add_signed(whole);
    let to = match (base, next >> 26) {
        (0, 14) => Field::Either(to),
        (0, _) => Field::Offset(to),
        _ => Field::Place(to),
    };
    Some(Unit::pair([word, next], [LOW, field], to))
}
