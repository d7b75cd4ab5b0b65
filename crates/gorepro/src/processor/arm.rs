//! arm. Source: Arm Architecture Reference Manual ARMv7-A, "ARM Instruction Set Encoding".
//!
//! Addresses, and numbers that no instruction has room for, are words behind the code.

use super::{Field, Unit, Walk, signed};

const STACK: u32 = 13;
const PROGRAM: u32 = 15;

pub(super) fn unit(walk: &mut Walk<'_, '_>) -> Option<Unit> {
    let word = walk.word(0)?;
    let here = walk.here();
    let place = walk.state.pool.binary_search_by_key(&walk.at, |(at, _)| *at);
    if let Some((_, base)) = place.ok().and_then(|place| walk.state.pool.get(place)) {
        // Addresses have 32 bits here.
        let to = |base: u64| Field::Place(base.wrapping_add(u64::from(word)) & 0xffff_ffff);
        return Some(Unit::word(word, u32::MAX, base.map_or(Field::Either(word.into()), to)));
    }
    let source = word >> 16 & 15;
    Some(match word >> 25 & 7 {
        _ if word >> 28 == 15 => Unit::plain(4, word.into()),
        // B and BL.
        5 => {
            let to = here.wrapping_add(8).wrapping_add_signed(signed(word & 0xff_ffff, 24) << 2);
            Unit::word(word, 0xff_ffff, Field::Branch(to & 0xffff_ffff))
        }
        // MOVW and MOVT.
        1 if matches!(word >> 20 & 0xff, 0x30 | 0x34) => {
            let number = word >> 4 & 0xf000 | word & 0xfff;
            Unit::word(word, 0x000f_0fff, Field::Number(number.into()))
        }
        1 if word >> 23 & 3 != 2 || word >> 20 & 1 == 1 => {
            if source == STACK || source == PROGRAM {
                Unit::plain(4, word.into())
            } else {
                let number = (word & 0xff).rotate_right((word >> 8 & 15) * 2);
                Unit::word(word, 0xfff, Field::Number(number.into()))
            }
        }
        _ => Unit::plain(4, word.into()),
    })
}

/// Words of a function that its code loads, by place, each once.
pub(super) fn pool(walk: &Walk<'_, '_>) -> Vec<(usize, Option<u64>)> {
    let mut out = vec![];
    let words = walk.code.chunks_exact(4).map(|word| walk.image.number(word) as u32);
    let words: Vec<u32> = words.collect();
    for (index, word) in words.iter().enumerate() {
        // LDR from a place that the program counter tells; VLDR.
        let distance = match word {
            _ if word & 0x0f7f_0000 == 0x051f_0000 => (word & 0xfff) as usize,
            _ if word & 0x0f3f_0e00 == 0x0d1f_0a00 => (word & 0xff) as usize * 4,
            _ => continue,
        };
        let from = index * 4 + 8;
        let up = word >> 23 & 1 == 1;
        let Some(at) = (if up { from.checked_add(distance) } else { from.checked_sub(distance) })
        else {
            continue;
        };
        if at % 4 != 0 || at >= walk.code.len() {
            continue;
        }
        // ADD of the program counter, where the program may lie anywhere.
        let register = word >> 12 & 15;
        let next = words.get(index + 1).map(|next| next & 0x0fff_ffff);
        let adds = [
            0x008f_0000 | register << 12 | register,
            0x0080_000f | register << 16 | register << 12,
        ];
        let is_relative = next.is_some_and(|next| adds.contains(&next));
        let base = walk.address.wrapping_add((index * 4 + 4 + 8) as u64);
        out.push((at, is_relative.then_some(base)));
    }
    out.sort_unstable();
    out.dedup_by_key(|(at, _)| *at);
    out
}
