//! 386. Source: Intel SDM volume 2; `cmd/internal/obj/x86` for code that may lie anywhere.

use super::{Field, Unit, Walk, x86};

pub(super) fn unit(walk: &mut Walk<'_, '_>) -> Option<Unit> {
    let here = walk.state.here.take();
    let rest = walk.code.get(walk.at..)?;
    let inst = x86::decode32(rest)?;
    let mut bytes = rest.get(..inst.length)?.to_owned();
    let end = walk.here().wrapping_add(inst.length as u64) & 0xffff_ffff;
    let mut fields = [Field::None; 2];
    let mut take = |from: usize, count: usize| {
        let field = bytes.get_mut(from..from.saturating_add(count))?;
        let value = walk.image.number(field);
        field.fill(0);
        Some(value)
    };
    if let Some(from) = inst.relative {
        let to = end.wrapping_add(take(from, 4)?) & 0xffff_ffff;
        fields[0] = Field::Branch(to);
        if is_thunk(walk, to) {
            walk.state.here = Some(end);
        }
    }
    if let Some(from) = inst.displacement {
        let value = take(from, 4)?;
        fields[0] = match here {
            Some(here) => Field::Place(here.wrapping_add(value) & 0xffff_ffff),
            None => Field::Offset(value),
        };
    }
    if let Some((from, count)) = inst.immediate {
        let value = take(from, count)?;
        fields[1] = if count == 4 { Field::Either(value) } else { Field::Number(value) };
    }
    let shape = bytes.iter().fold(0, |sum: u128, byte| sum << 8 | u128::from(*byte));
    Some(Unit { length: inst.length, shape, fields })
}

/// Whether there is a function that tells where it was called: `__x86.get_pc_thunk`, `MOVL (SP), register` and `RET`.
fn is_thunk(walk: &Walk<'_, '_>, address: u64) -> bool {
    walk.image
        .bytes(address, 4)
        .is_some_and(|code| matches!(code, [0x8b, register, 0x24, 0xc3] if register & 0xc7 == 4))
}
