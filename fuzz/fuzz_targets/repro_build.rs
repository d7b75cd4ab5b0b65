//! What programs say of their build: build info and build IDs, the second's with some of it otherwise.
#![no_main]

#[path = "support/compared.rs"]
mod compared;
#[path = "support/elf.rs"]
mod support;

use libfuzzer_sys::fuzz_target;
use support::{Section, elf};

// Two texts of build info and two build IDs, each behind its length.
fuzz_target!(|data: &[u8]| {
    let mut rest = data;
    let mut next = || {
        let (length, behind) = rest.split_at_checked(2).unwrap_or((&[0, 0], &[]));
        let length = usize::from(u16::from_le_bytes([length[0], length[1]]));
        let (text, behind) = behind.split_at(behind.len().min(length));
        rest = behind;
        text
    };
    let (info_a, info_b, id_a, id_b) = (next(), next(), next(), next());
    compared::compared(&program(info_a, id_a), &program(info_b, id_b));
    if let Ok(text) = std::str::from_utf8(info_a) {
        let once = gorepro::without_x(text);
        assert_eq!(gorepro::without_x(&once), once, "what is taken away is not there any more");
    }
});

fn program(info: &[u8], id: &[u8]) -> Vec<u8> {
    let mut header = b"\xff Go buildinf:\x08\x02".to_vec();
    header.resize(32, 0);
    for text in [b"go1.26.8", &[&[b'<'; 16], info, b"\n", &[b'>'; 16]].concat()[..]] {
        let mut length = text.len();
        while length >= 0x80 {
            header.push(length as u8 | 0x80);
            length >>= 7;
        }
        header.push(length as u8);
        header.extend(text);
    }
    let mut note = vec![4, 0, 0, 0];
    note.extend((id.len() as u32).to_le_bytes());
    note.extend([4, 0, 0, 0]);
    note.extend(b"Go\0\0");
    note.extend(id);
    let sections = [
        Section { name: ".text", code: true, address: 0x40_1000, data: vec![0xc3; 16] },
        Section { name: ".go.buildinfo", code: false, address: 0x60_0000, data: header },
        Section { name: ".note.go.buildid", code: false, address: 0x40_0f00, data: note },
    ];
    elf(&sections, &[])
}
