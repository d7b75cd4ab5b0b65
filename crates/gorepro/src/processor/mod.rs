//! Instructions of all processors, with what depends on the place of a program taken out.
//!
//! No meaning is decoded: of each instruction, or of those that only together say where something is, it is known
//! how long it is, where it leads, and which number is in it. Which fields the linker fills is in Go's own
//! `cmd/link/internal/<processor>/asm.go` (`archreloc`, `gentramp`); that both halves of an address stand side by side
//! in `cmd/internal/obj/<processor>`.

mod arm;
pub(crate) mod arm64;
mod i386;
mod loong64;
mod mips;
mod ppc64;
mod riscv64;
mod s390x;
pub(crate) mod x86;

use crate::image::{Func, Image};

/// What an instruction says beside what it does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Field {
    /// Nothing.
    None,
    /// A jump or a call to there.
    Branch(u64),
    /// A place in the program.
    Place(u64),
    /// A number.
    Number(u64),
    /// A place where it is an address of the program; else a number.
    Either(u64),
    /// A place where it is an address of the program; else an offset from a register, which belongs to the code.
    Offset(u64),
}

/// An instruction, or two that say something together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Unit {
    /// Bytes.
    pub(crate) length: usize,
    /// Its bits without those of `fields`.
    pub(crate) shape: u128,
    pub(crate) fields: [Field; 2],
}

impl Unit {
    fn plain(length: usize, shape: u128) -> Self {
        Self { length, shape, fields: [Field::None; 2] }
    }

    /// One word without the bits of `field`.
    fn word(word: u32, field: u32, what: Field) -> Self {
        Self { length: 4, shape: u128::from(word & !field), fields: [what, Field::None] }
    }

    /// Two words without the bits of their fields.
    fn pair(words: [u32; 2], fields: [u32; 2], what: Field) -> Self {
        let [first, second] = [0, 1].map(|at| u128::from(words[at] & !fields[at]));
        Self { length: 8, shape: second << 32 | first, fields: [what, Field::None] }
    }
}

/// A number of so many bits with its sign.
fn signed(value: u32, bits: u32) -> i64 {
    i64::from((value << (32 - bits)).cast_signed() >> (32 - bits))
}

/// Code of one function, instruction by instruction.
pub(crate) struct Walk<'i, 'a> {
    image: &'i Image<'a>,
    code: &'a [u8],
    address: u64,
    at: usize,
    state: State,
}

/// What is kept from one instruction to the next.
#[derive(Default)]
struct State {
    /// Words of the function that are data (arm): where, and what is added to them where that is the place of an
    /// instruction.
    pool: Vec<(usize, Option<u64>)>,
    /// What the register of the table of contents holds (ppc64, where the program may lie anywhere).
    contents: Option<u64>,
    /// What the instruction before left in a register: its own place (386).
    here: Option<u64>,
}

impl<'i, 'a> Walk<'i, 'a> {
    /// `code` is the function's, without what is behind it.
    pub(crate) fn of(image: &'i Image<'a>, function: &Func<'_>, code: &'a [u8]) -> Self {
        let mut walk =
            Self { image, code, address: function.address, at: 0, state: State::default() };
        if image.arch.0 == "arm" {
            walk.state.pool = arm::pool(&walk);
        }
        walk
    }

    /// The address of the next instruction.
    fn here(&self) -> u64 {
        self.address.wrapping_add(self.at as u64)
    }

    /// The nth word from here.
    fn word(&self, nth: usize) -> Option<u32> {
        let start = self.at.checked_add(nth * 4)?;
        let word = self.image.number(self.code.get(start..start.checked_add(4)?)?);
        u32::try_from(word).ok()
    }

    fn decode(&mut self) -> Option<Unit> {
        match self.image.arch.0 {
            "386" => i386::unit(self),
            "arm" => arm::unit(self),
            "loong64" => loong64::unit(self),
            "mips" | "mipsle" | "mips64" | "mips64le" => mips::unit(self),
            "ppc64" | "ppc64le" => ppc64::unit(self),
            "riscv64" => riscv64::unit(self),
            "s390x" => s390x::unit(self),
            _ => None,
        }
    }
}

impl Iterator for Walk<'_, '_> {
    type Item = Unit;

    fn next(&mut self) -> Option<Unit> {
        let first = *self.code.get(self.at)?;
        let unit = self.decode().unwrap_or_else(|| Unit::plain(1, u128::from(first)));
        self.at = self.at.saturating_add(unit.length.max(1));
        Some(unit)
    }
}

/// Whether instructions of a processor are taken apart here. Those of amd64 and arm64 are where they are compared.
pub(crate) fn is_known(arch: &str) -> bool {
    matches!(
        arch,
        "386"
            | "arm"
            | "loong64"
            | "mips"
            | "mipsle"
            | "mips64"
            | "mips64le"
            | "ppc64"
            | "ppc64le"
            | "riscv64"
            | "s390x"
    )
}

/// Whether code has whole addresses in it, so that a number may look like one; elsewhere it counts from its own place.
pub(crate) fn has_addresses(arch: &str) -> bool {
    is_known(arch) && !matches!(arch, "riscv64" | "s390x" | "loong64")
}

/// The bytes that fill up what is behind a function.
fn padding(arch: &str) -> &'static [u8] {
    match arch {
        "amd64" | "386" => &[0xcc],
        "loong64" => &[0, 0, 0x2a, 0],
        "s390x" => &[0, 0],
        _ => &[0, 0, 0, 0],
    }
}

/// A function's code, without the padding behind it and the linker's trampolines.
pub(crate) fn code<'a>(image: &Image<'a>, function: &Func<'_>) -> &'a [u8] {
    let length = function.end.saturating_sub(function.address);
    let mut code = image.bytes(function.address, length).unwrap_or_default();
    let padding = padding(image.arch.0);
    loop {
        if let Some(rest) = code.strip_suffix(padding) {
            code = rest;
            continue;
        }
        let size = trampoline_size(image.arch.0);
        let Some(start) = code.len().checked_sub(size).filter(|_| size > 0) else { return code };
        let at = function.address.wrapping_add(start as u64);
        if !function.go || trampoline(image, at).is_none() {
            return code;
        }
        code = code.get(..start).unwrap_or_default();
    }
}

/// How long what the linker puts between is, where a call does not reach.
fn trampoline_size(arch: &str) -> usize {
    match arch {
        "riscv64" => 8,
        "arm" | "loong64" => 12,
        "ppc64" | "ppc64le" => 16,
        _ => 0,
    }
}

/// Where a call of an address ends: behind the linker's trampoline, where there is one.
pub(crate) fn landing(image: &Image<'_>, address: u64) -> u64 {
    trampoline(image, address).unwrap_or(address)
}

fn trampoline(image: &Image<'_>, address: u64) -> Option<u64> {
    let arch = image.arch.0;
    let size = trampoline_size(arch);
    let code = image.bytes(address, size as u64).filter(|code| !code.is_empty())?;
    let mut walk = Walk { image, code, address, at: 0, state: State::default() };
    let (first, last) = (walk.word(0)?, walk.word(size / 4 - 1)?);
    let is_one = match arch {
        "riscv64" => first & 0xfff == 0xf97 && last & 0xfffff == 0xf8067,
        // Of the word at its end, which may be anything, the instruction before it.
        "arm" => {
            let target = first == 0xe59f_c000 && walk.word(1)? == 0xe12f_ff1c;
            return target.then_some(u64::from(last));
        }
        "loong64" => first & 0xfe00_001f == 0x1a00_0014 && last == 0x4c00_0280,
        "ppc64" | "ppc64le" => walk.word(2)? == 0x7d89_03a6 && last == 0x4e80_0420,
        _ => false,
    };
    let unit = walk.next().filter(|_| is_one)?;
    match unit.fields[0] {
        Field::Branch(to) | Field::Place(to) | Field::Either(to) => Some(to),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_have_signs() {
        assert_eq!(
            (signed(0xfff, 12), signed(0x7ff, 12), signed(0x20_0000, 26)),
            (-1, 2047, 0x20_0000)
        );
    }
}
