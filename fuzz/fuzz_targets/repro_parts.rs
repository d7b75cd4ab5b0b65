//! Programs made of parts: code, function table, symbols, strings, variables; the second with some of it otherwise.
#![no_main]

#[path = "support/compared.rs"]
mod compared;
#[path = "support/elf.rs"]
mod support;

use libfuzzer_sys::fuzz_target;
use support::{Section, Symbol, elf};

/// Names that something is known of.
const NAMES: &[&str] = &[
    "main.main",
    "main.version",
    "main.version.str",
    "main.table",
    "main.content.gobytes.1",
    "main.files.files",
    "go:string.*",
    "runtime.text",
    "runtime.rodata",
    "x_cgo_init",
    "a.com/b.(*T).M",
    "a.com/b.F[go.shape.int]",
    "main.init.0",
    "$f64.3ff0000000000000",
    "main.main.func1",
    "go:buildid",
];
const SECTIONS: &[&str] = &[
    ".rodata",
    ".data",
    ".noptrdata",
    ".comment",
    ".debug_str",
    ".debug_line_str",
    ".debug_info",
    ".dynstr",
    ".init_array",
    ".note.gnu.gold-version",
    ".go.module",
];
const TEXT: u64 = 0x40_1000;

fuzz_target!(|data: &[u8]| {
    let Some((head, rest)) = data.split_at_checked(4) else { return };
    let programs = [false, true].map(|second| program(head, rest, second));
    compared::compared(&programs[0], &programs[1]);
});

/// Records of kind, length and bytes; a kind says whether they are for both programs.
fn program(head: &[u8], mut rest: &[u8], second: bool) -> Vec<u8> {
    let (mut code, mut symbols, mut files) = (vec![], vec![], vec![]);
    let mut sections: Vec<(&str, Vec<u8>)> = vec![];
    while let Some((record, behind)) = rest.split_at_checked(2) {
        let (bytes, behind) = behind.split_at(behind.len().min(usize::from(record[1])));
        rest = behind;
        let other = record[0] & 0xc0;
        if other == 0x40 && second || other == 0x80 && !second {
            continue;
        }
        match usize::from(record[0] & 0x3f) {
            0..8 => code.push(bytes),
            8..16 => symbols.extend(bytes.chunks_exact(4)),
            16 => files.extend_from_slice(bytes),
            kind => sections.push((SECTIONS[kind % SECTIONS.len()], bytes.to_vec())),
        }
    }
    // What moves: the code, by so many bytes of another section before it.
    let shift = if second { u64::from(head[0]) * 16 } else { 0 };
    let mut text = vec![];
    let mut starts = vec![];
    for function in code {
        starts.push(text.len() as u32);
        text.extend(function);
        text.resize(text.len().next_multiple_of(16), 0xcc);
    }
    let mut table = pclntab(&starts, text.len() as u32, &files, TEXT + shift);
    if head[1] & 1 == 1
        && let Some(byte) = table.get_mut(usize::from(head[2]) * 4)
    {
        *byte ^= head[3];
    }
    let mut all = vec![
        Section { name: ".text", code: true, address: TEXT + shift, data: text },
        Section { name: ".gopclntab", code: false, address: 0x80_0000, data: table },
    ];
    let mut address = 0x50_0000 + shift;
    for (name, data) in sections {
        let loaded = !name.starts_with(".debug") && name != ".comment";
        all.push(Section { name, code: false, address: if loaded { address } else { 0 }, data });
        // Close together, or one over the other.
        address += if head[1] & 2 == 2 { 16 } else { 512 };
    }
    let symbol = |bytes: &[u8]| Symbol {
        name: NAMES[usize::from(bytes[0]) % NAMES.len()],
        section: usize::from(bytes[1]) % all.len(),
        offset: u64::from(bytes[2]),
        size: u64::from(bytes[3]),
    };
    let symbols: Vec<Symbol<'_>> = symbols.into_iter().map(symbol).collect();
    elf(&all, &symbols)
}

/// A function table of Go 1.20: functions by their offsets, their names, one unit of files.
fn pclntab(starts: &[u32], end: u32, files: &[u8], text: u64) -> Vec<u8> {
    let mut names = vec![];
    let offsets: Vec<u32> = (0..starts.len())
        .map(|nth| {
            let offset = names.len() as u32;
            names.extend(NAMES[nth % NAMES.len()].as_bytes());
            names.push(0);
            offset
        })
        .collect();
    let mut file_names = files.to_vec();
    file_names.push(0);
    // Of every function the first file: the difference of 1 from -1 on, in zigzag.
    let counters = [2_u8, 1, 0, 0];
    let (at_names, at_units) = (72, 72 + names.len().next_multiple_of(4));
    let (at_files, at_counters) = (at_units + 4, at_units + 4 + file_names.len().next_multiple_of(4));
    let at_table = at_counters + counters.len();
    let mut out = vec![0xf1, 0xff, 0xff, 0xff, 0, 0, 1, 8];
    for word in [
        starts.len() as u64,
        1,
        text,
        at_names,
        at_units as u64,
        at_files as u64,
        at_counters as u64,
        at_table as u64,
    ] {
        out.extend(word.to_le_bytes());
    }
    out.extend(&names);
    out.resize(at_files, 0);
    out.extend(&file_names);
    out.resize(at_counters, 0);
    out.extend(counters);
    let first = starts.len() as u32 * 8 + 4;
    for (nth, start) in starts.iter().enumerate() {
        out.extend(start.to_le_bytes());
        out.extend((first + nth as u32 * 44).to_le_bytes());
    }
    out.extend(end.to_le_bytes());
    for (nth, (start, name)) in starts.iter().zip(offsets).enumerate() {
        let words = [*start, name, 0, 0, 0, 0, 0, 0, 0, nth as u32 * 7 + 3, 0];
        words.iter().for_each(|word| out.extend(word.to_le_bytes()));
    }
    out
}
