//! One part of a program at a time, in a container that is whole: build info, function table, DWARF, notes.
#![no_main]

#[path = "support/elf.rs"]
mod support;

use libfuzzer_sys::fuzz_target;
use support::{Section, elf};

fuzz_target!(|data: &[u8]| {
    let Some((which, data)) = data.split_first() else { return };
    let (first, second) = data.split_at(data.len() / 2);
    let sections: &[(&str, &[u8])] = match which % 5 {
        0 => &[(".go.buildinfo", data)],
        1 => &[(".gopclntab", data)],
        2 => &[(".debug_abbrev", first), (".debug_info", second)],
        3 => &[(".note.go.buildid", first), (".gnu_debuglink", second)],
        _ => &[(".debug_abbrev", ABBREV), (".debug_info", INFO), (".debug_line", data)],
    };
    for artifact in goartifact::read_bytes(&program(sections)).expect("it is whole") {
        let _ = goartifact::levels(&artifact);
    }
});

/// A unit with a line program at 0, and nothing else.
const ABBREV: &[u8] = &[1, 0x11, 0, 0x10, 0x17, 0, 0, 0];
const INFO: &[u8] = &[12, 0, 0, 0, 4, 0, 0, 0, 0, 0, 8, 1, 0, 0, 0, 0];

/// A program with some code and these sections.
fn program(sections: &[(&str, &[u8])]) -> Vec<u8> {
    let mut address = 0x40_0000;
    let mut all = vec![Section { name: ".text", code: true, address, data: vec![0xc3; 64] }];
    for (name, data) in sections {
        address += 0x10_0000;
        all.push(Section { name, code: false, address, data: data.to_vec() });
    }
    elf(&all, &[])
}
