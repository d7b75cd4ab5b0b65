//! riscv64. Source: The RISC-V Instruction Set Manual, volume I, "Instruction Set Listings" and "C" extension.

use super::{Field, Unit, Walk, signed};

const STACK: u32 = 2;

pub(super) fn unit(walk: &mut Walk<'_, '_>) -> Option<Unit> {
    let start = walk.code.get(walk.at..)?;
    let half = u16::from_le_bytes([*start.first()?, *start.get(1)?]);
    if half & 3 != 3 {
        return Some(short(half));
    }
    let word = walk.word(0)?;
    let here = walk.here();
    let register = word >> 7 & 31;
    let next = walk.word(1);
    let source = |word: u32| word >> 15 & 31;
    let high = i64::from((word & 0xffff_f000).cast_signed());
    Some(match word & 0x7f {
        // AUIPC, with what adds to it.
        0x17 if let Some(next) = next.filter(|next| source(*next) == register)
            && let Some((low, field)) = low(next) =>
        {
            let to = here.wrapping_add_signed(high + low);
            let is_jump = next & 0x7f == 0x67;
            let to = if is_jump { Field::Branch(to) } else { Field::Place(to) };
            Unit::pair([word, next], [0xffff_f000, field], to)
        }
        // JAL.
        0x6f => {
            let part = |from: u32, bits: u32, to: u32| (word >> from & ((1 << bits) - 1)) << to;
            let offset = part(31, 1, 20) | part(12, 8, 12) | part(20, 1, 11) | part(21, 10, 1);
            let to = here.wrapping_add_signed(signed(offset, 21));
            Unit::word(word, 0xffff_f000, Field::Branch(to))
        }
        // LUI and ADDI or ADDIW: one number.
        0x37 => match next {
            Some(next)
                if matches!(next & 0x707f, 0x13 | 0x1b)
                    && source(next) == register
                    && next >> 7 & 31 == register =>
            {
                let number = high + signed(next >> 20, 12);
                let fields = [0xffff_f000, 0xfff0_0000];
                Unit::pair([word, next], fields, Field::Number(number.cast_unsigned()))
            }
            _ => Unit::word(word, 0xffff_f000, Field::Number(high.cast_unsigned())),
        },
        0x13 | 0x1b if source(word) != STACK => {
            let number = signed(word >> 20, 12).cast_unsigned();
            Unit::word(word, 0xfff0_0000, Field::Number(number))
        }
        _ => Unit::plain(4, word.into()),
    })
}

/// What an instruction adds to the register it begins with, and the bits of it.
fn low(word: u32) -> Option<(i64, u32)> {
    match word & 0x7f {
        0x03 | 0x07 | 0x67 => Some((signed(word >> 20, 12), 0xfff0_0000)),
        0x13 if word >> 12 & 7 == 0 => Some((signed(word >> 20, 12), 0xfff0_0000)),
        0x23 | 0x27 => Some((signed(word >> 25 << 5 | word >> 7 & 31, 12), 0xfe00_0f80)),
        _ => None,
    }
}

/// Of two bytes.
fn short(half: u16) -> Unit {
    const FIELD: u16 = 0x107c;
    let register = u32::from(half >> 7 & 31);
    // C.ADDI, C.LI, C.LUI.
    let has_number = matches!(half & 0xe003, 0x0001 | 0x4001 | 0x6001) && register != STACK;
    if !has_number {
        return Unit::plain(2, half.into());
    }
    let number = signed(u32::from(half >> 12 & 1) << 5 | u32::from(half >> 2 & 31), 6);
    Unit {
        length: 2,
        shape: u128::from(half & !FIELD),
        fields: [Field::Number(number.cast_unsigned()), Field::None],
    }
}
