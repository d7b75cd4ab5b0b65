//! Files in programs: tables of `embed.FS`, and zip, tar and gzip files within.
#![no_main]

#[path = "support/compared.rs"]
mod compared;
#[path = "support/elf.rs"]
mod support;

use libfuzzer_sys::fuzz_target;
use support::{Section, Symbol, elf};

const TABLE: u64 = 0x60_0000;
const CONTENT: u64 = 0x50_0000;

// A length, so many bytes of content of the first program, the second's content; then both with their table damaged.
fuzz_target!(|data: &[u8]| {
    let Some((head, rest)) = data.split_at_checked(4) else { return };
    let first = usize::from(u16::from_le_bytes([head[0], head[1]]));
    let (a, b) = rest.split_at(rest.len().min(first));
    compared::compared(&program(a, 0, 0), &program(b, 0, 0));
    compared::compared(&program(a, 0, 0), &program(b, head[2], head[3]));
});

/// A table of three files that begin at the same place: all, half, and a quarter of the content.
fn program(content: &[u8], damaged: u8, with: u8) -> Vec<u8> {
    let names = ["a.zip", "d/b.tar", "d/"];
    let mut constants: Vec<u8> = names.concat().into_bytes();
    let text = constants.len() as u64;
    constants.extend(content);
    let length = content.len() as u64;
    let mut table = vec![];
    let mut word = |value: u64| table.extend(value.to_le_bytes());
    [TABLE + 24, 3, 3].into_iter().for_each(&mut word);
    let mut at = CONTENT;
    for (name, length) in names.iter().zip([length, length / 2, 0]) {
        let content = if length == 0 { 0 } else { CONTENT + text };
        [at, name.len() as u64, content, length, 0, 0].into_iter().for_each(&mut word);
        at += name.len() as u64;
    }
    if let Some(byte) = table.get_mut(usize::from(damaged)) {
        *byte ^= with;
    }
    let size = table.len() as u64;
    let sections = [
        Section { name: ".text", code: true, address: 0x40_0000, data: vec![0xc3; 16] },
        Section { name: ".rodata", code: false, address: CONTENT, data: constants },
        Section { name: ".data", code: false, address: TABLE, data: table },
    ];
    let symbol = Symbol { name: "main.content.files", section: 2, offset: 0, size };
    elf(&sections, if with & 1 == 0 { &[] } else { std::slice::from_ref(&symbol) })
}
