//! mips, mips64, both byte orders. Source: MIPS Architecture for Programmers, volume II-A.

use super::{Field, Unit, Walk, signed};

const LOW: u32 = 0xffff;
const STACK: u32 = 29;

pub(super) fn unit(walk: &mut Walk<'_, '_>) -> Option<Unit> {
    let word = walk.word(0)?;
    let number = signed(word & LOW, 16).cast_unsigned();
    let (source, target) = (word >> 21 & 31, word >> 16 & 31);
    Some(match word >> 26 {
        // J and JAL, within 256 MiB.
        2 | 3 => {
            let to =
                walk.here().wrapping_add(4) & !0x0fff_ffff | u64::from(word & 0x03ff_ffff) << 2;
            Unit::word(word, 0x03ff_ffff, Field::Branch(to))
        }
        // LUI, with what adds to it; on mips64 the register of static data, which is zero, comes between.
        0x0f if let Some(between) = walk.word(1).filter(|next| adds_base(*next, target)) => {
            let last = walk.word(2).filter(|last| last >> 21 & 31 == target)?;
            let high = i64::from((word << 16).cast_signed());
            let to = (high + signed(last & LOW, 16)).cast_unsigned();
            let to = if matches!(last >> 26, 0x18 | 0x19) {
                Field::Either(to)
            } else {
                Field::Offset(to)
            };
            let unit = Unit::pair([word, between], [LOW, 0], to);
            let shape = unit.shape | u128::from(last & !LOW) << 64;
            Unit { length: 12, shape, ..unit }
        }
        0x0f => {
            let next = walk.word(1).filter(|next| next >> 21 & 31 == target);
            let high = i64::from((word << 16).cast_signed());
            let with = |next: u32| (high + signed(next & LOW, 16)).cast_unsigned();
            match next.map(|next| (next, next >> 26)) {
                Some((next, 0x08 | 0x09 | 0x18 | 0x19)) => {
                    Unit::pair([word, next], [LOW; 2], Field::Either(with(next)))
                }
                Some((next, 0x1a | 0x1b | 0x20..=0x3f)) => {
                    Unit::pair([word, next], [LOW; 2], Field::Offset(with(next)))
                }
                Some((next, 0x0d)) => {
                    let whole = high | i64::from(next & LOW);
                    Unit::pair([word, next], [LOW; 2], Field::Number(whole.cast_unsigned()))
                }
                _ => Unit::word(word, LOW, Field::Number(high.cast_unsigned())),
            }
        }
        0x08..=0x0b | 0x18 | 0x19 if source != STACK => {
            Unit::word(word, LOW, Field::Number(number))
        }
        0x0c..=0x0e => Unit::word(word, LOW, Field::Number(u64::from(word & LOW))),
        _ => Unit::plain(4, word.into()),
    })
}

/// DADDU of a register and that of static data.
fn adds_base(word: u32, register: u32) -> bool {
    const BASE: u32 = 28;
    let sources = (word >> 21 & 31, word >> 16 & 31);
    let both = [(register, BASE), (BASE, register)].contains(&sources);
    word & 0xfc00_07ff == 0x2d && word >> 11 & 31 == register && both
}
