//! ELF programs of amd64, made of parts: whole as a container, whatever is in them.

/// A section: its name, whether it is code, where it is loaded (0: it is not), its bytes.
pub struct Section<'a> {
    pub name: &'a str,
    pub code: bool,
    pub address: u64,
    pub data: Vec<u8>,
}

/// A symbol: its name, the place of its section in the list, the offset in it, its size.
pub struct Symbol<'a> {
    pub name: &'a str,
    pub section: usize,
    pub offset: u64,
    pub size: u64,
}

const PROGBITS: u32 = 1;
const SYMTAB: u32 = 2;
const STRTAB: u32 = 3;

/// The program.
pub fn elf(sections: &[Section<'_>], symbols: &[Symbol<'_>]) -> Vec<u8> {
    let mut names = vec![0];
    let mut body = vec![0; 64];
    let mut headers = vec![0; 64];
    let mut add = |name: &str, kind: u32, flags: u64, address: u64, link: u32, data: &[u8]| {
        let at = (names.len() as u32).to_le_bytes();
        names.extend(name.as_bytes());
        names.push(0);
        // The table of names holds its own.
        let data = if name == ".shstrtab" { names.clone() } else { data.to_vec() };
        headers.extend(at);
        headers.extend(kind.to_le_bytes());
        for word in [flags, address, body.len() as u64, data.len() as u64] {
            headers.extend(word.to_le_bytes());
        }
        headers.extend(link.to_le_bytes());
        headers.extend(0_u32.to_le_bytes());
        let entry: u64 = if kind == SYMTAB { 24 } else { 0 };
        headers.extend(8_u64.to_le_bytes());
        headers.extend(entry.to_le_bytes());
        body.extend(data);
    };
    for section in sections {
        let flags = match (section.address, section.code) {
            (0, _) => 0,
            (_, true) => 6,
            (_, false) => 2,
        };
        add(section.name, PROGBITS, flags, section.address, 0, &section.data);
    }
    let mut count = sections.len() as u16 + 2;
    if !symbols.is_empty() {
        let mut texts = vec![0];
        let mut table = vec![0; 24];
        for symbol in symbols {
            let Some(section) = sections.get(symbol.section) else { continue };
            table.extend((texts.len() as u32).to_le_bytes());
            texts.extend(symbol.name.as_bytes());
            texts.push(0);
            table.extend([if section.code { 2 } else { 1 }, 0]);
            table.extend((symbol.section as u16 + 1).to_le_bytes());
            table.extend(section.address.wrapping_add(symbol.offset).to_le_bytes());
            table.extend(symbol.size.to_le_bytes());
        }
        add(".symtab", SYMTAB, 0, 0, u32::from(count), &table);
        add(".strtab", STRTAB, 0, 0, 0, &texts);
        count += 2;
    }
    add(".shstrtab", STRTAB, 0, 0, 0, &[]);
    let place = body.len() as u64;
    let mut head = vec![0x7f, b'E', b'L', b'F', 2, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0];
    head.extend([2, 0, 62, 0, 1, 0, 0, 0]);
    for word in [0x40_0000_u64, 0, place] {
        head.extend(word.to_le_bytes());
    }
    head.extend([0, 0, 0, 0, 64, 0, 56, 0, 0, 0, 64, 0]);
    head.extend(count.to_le_bytes());
    head.extend((count - 1).to_le_bytes());
    body[..64].copy_from_slice(&head);
    body.extend(headers);
    body
}
