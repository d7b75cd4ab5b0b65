//! One part of a program at a time, in a container that is whole: build info, function table, DWARF, notes.
#![no_main]

use libfuzzer_sys::fuzz_target;

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
    for artifact in goartifact::read_bytes(&elf(sections)).expect("it is whole") {
        let _ = goartifact::levels(&artifact);
    }
});

/// A unit with a line program at 0, and nothing else.
const ABBREV: &[u8] = &[1, 0x11, 0, 0x10, 0x17, 0, 0, 0];
const INFO: &[u8] = &[12, 0, 0, 0, 4, 0, 0, 0, 0, 0, 8, 1, 0, 0, 0, 0];

/// An ELF program of amd64 with some code and these sections.
fn elf(sections: &[(&str, &[u8])]) -> Vec<u8> {
    let mut names = vec![0];
    let mut body = vec![0; 64];
    let mut headers = vec![0; 64];
    let code: &[u8] = &[0xc3; 64];
    let all = [&[(".text", code)][..], sections].concat();
    let mut add = |name: &str, kind: u32, data: &[u8], names: &mut Vec<u8>| {
        let flags = if name == ".text" { 6_u64 } else { 2 };
        let at = (names.len() as u32).to_le_bytes();
        names.extend(name.as_bytes());
        names.push(0);
        // The table of names holds its own.
        let data = if name == ".shstrtab" { names.clone() } else { data.to_vec() };
        headers.extend(at);
        headers.extend(kind.to_le_bytes());
        for word in [flags, 0x40_0000 + body.len() as u64, body.len() as u64, data.len() as u64, 0, 16, 0] {
            headers.extend(word.to_le_bytes());
        }
        body.extend(data);
    };
    for (name, data) in &all {
        add(name, 1, data, &mut names);
    }
    add(".shstrtab", 3, &[], &mut names);
    let count = all.len() as u16 + 2;
    let place = body.len() as u64;
    let mut head = vec![0x7f, b'E', b'L', b'F', 2, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0];
    head.extend([2, 0, 62, 0, 1, 0, 0, 0]);
    for word in [0x40_0040_u64, 0, place] {
        head.extend(word.to_le_bytes());
    }
    head.extend([0, 0, 0, 0, 64, 0, 56, 0, 0, 0, 64, 0]);
    head.extend(count.to_le_bytes());
    head.extend((count - 1).to_le_bytes());
    body[..64].copy_from_slice(&head);
    body.extend(headers);
    body
}
