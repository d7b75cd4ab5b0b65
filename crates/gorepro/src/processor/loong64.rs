//! loong64. Source: LoongArch Reference Manual, volume 1, "Table of Instruction Encoding".

use super::{Field, Unit, Walk, signed};

const STACK: u32 = 3;
/// Fields of 20, 12, 16 and 26 bits.
const WIDE: u32 = 0x01ff_ffe0;
const NARROW: u32 = 0x003f_fc00;
const JUMP: u32 = 0x03ff_fc00;
const FAR: u32 = 0x03ff_ffff;

pub(super) fn unit(walk: &mut Walk<'_, '_>) -> Option<Unit> {
    let word = walk.word(0)?;
    let here = walk.here();
    let (register, source) = (word & 31, word >> 5 & 31);
    let wide = signed(word >> 5 & 0xf_ffff, 20);
    let narrow = signed(word >> 10 & 0xfff, 12).cast_unsigned();
    let next = walk.word(1).filter(|next| next >> 5 & 31 == register);
    let low = |next: u32| signed(next >> 10 & 0xfff, 12);
    Some(match word >> 25 {
        // PCALAU12I, with what adds to it.
        0x0d if let Some(next) = next.filter(|next| adds(*next)) => {
            let to = (here & !0xfff).wrapping_add_signed((wide << 12) + low(next));
            Unit::pair([word, next], [WIDE, NARROW], Field::Place(to))
        }
        // PCADDU18I and JIRL.
        0x0f if let Some(next) = next.filter(|next| next >> 26 == 0x13) => {
            let to = (wide << 18) + (signed(next >> 10 & 0xffff, 16) << 2);
            let to = Field::Branch(here.wrapping_add_signed(to));
            Unit::pair([word, next], [WIDE, JUMP], to)
        }
        // PCADDI.
        0x0c => Unit::word(word, WIDE, Field::Place(here.wrapping_add_signed(wide << 2))),
        // LU12I.W, with ORI one number.
        0x0a => match next {
            Some(next) if next >> 22 == 0x0e && next & 31 == register => {
                let whole = wide << 12 | i64::from(next >> 10 & 0xfff);
                Unit::pair([word, next], [WIDE, NARROW], Field::Number(whole.cast_unsigned()))
            }
            _ => Unit::word(word, WIDE, Field::Number((wide << 12).cast_unsigned())),
        },
        // LU32I.D.
        0x0b => Unit::word(word, WIDE, Field::Number((wide << 32).cast_unsigned())),
        _ => match (word >> 26, word >> 22) {
            // B and BL.
            (0x14 | 0x15, _) => {
                let offset = (word & 0x3ff) << 16 | word >> 10 & 0xffff;
                let to = here.wrapping_add_signed(signed(offset, 26) << 2);
                Unit::word(word, FAR, Field::Branch(to))
            }
            // SLTI, SLTUI, ADDI.W, ADDI.D, LU52I.D, ANDI, ORI, XORI.
            (_, 0x08..=0x0f) if source != STACK => Unit::word(word, NARROW, Field::Number(narrow)),
            _ => Unit::plain(4, word.into()),
        },
    })
}

/// ADDI.D, a load or a store.
fn adds(word: u32) -> bool {
    word >> 22 == 0x0b || word >> 26 == 0x0a
}
