//! How long an amd64 instruction is, and which of its bytes depend on where the program lies.
//!
//! No meaning is decoded. Source: Intel SDM volume 2, appendix A (opcode maps), chapter 2 (prefixes, VEX,
//! EVEX). A test holds it against `objdump` over whole programs.

/// An instruction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Inst {
    /// Bytes.
    pub(crate) length: usize,
    /// Where four bytes are that count from the end of the instruction: a call, a far jump, a place in the data.
    pub(crate) relative: Option<usize>,
    /// Whether that is a jump or a call.
    pub(crate) branch: bool,
    /// Where an immediate operand is, and its bytes.
    pub(crate) immediate: Option<(usize, usize)>,
    /// Where four bytes of displacement are that stand alone, or add to a register.
    pub(crate) displacement: Option<usize>,
}

/// What follows the opcode.
struct Shape {
    modrm: bool,
    immediate: usize,
    branch: bool,
}

const fn shape(modrm: bool, immediate: usize) -> Shape {
    Shape { modrm, immediate, branch: false }
}

/// Decodes the instruction of amd64 at the beginning; none where it is none, or is cut off.
pub(crate) fn decode(code: &[u8]) -> Option<Inst> {
    instruction(code, true)
}

/// Decodes that of 386.
pub(crate) fn decode32(code: &[u8]) -> Option<Inst> {
    instruction(code, false)
}

fn instruction(code: &[u8], long: bool) -> Option<Inst> {
    let mut at = 0;
    let (mut wide, mut short, mut address32) = (false, false, false);
    loop {
        match *code.get(at)? {
            0x66 => short = true,
            0x67 => address32 = true,
            0xf2 | 0xf3 | 0xf0 | 0x2e | 0x36 | 0x3e | 0x26 | 0x64 | 0x65 => {}
            rex @ 0x40..=0x4f if long => {
                wide = rex & 8 != 0;
                at += 1;
                break;
            }
            _ => break,
        }
        at += 1;
        if at > 14 {
            return None;
        }
    }
    // With 0x67, 386 has addresses of 16 bits, which nobody uses.
    if !long && address32 {
        return None;
    }
    let address32 = address32 || !long;
    let shape = shape_of(code, &mut at, Prefixes { long, wide, short, address32 })?;
    let mut inst =
        Inst { length: 0, relative: None, branch: false, immediate: None, displacement: None };
    if shape.modrm {
        operand(code, &mut at, &mut inst, long)?;
    }
    if shape.branch && shape.immediate == 4 {
        inst.relative = Some(at);
        inst.branch = true;
    } else if shape.immediate > 0 && !shape.branch {
        inst.immediate = Some((at, shape.immediate));
    }
    inst.length = at + shape.immediate;
    (inst.length <= 15.max(at) && inst.length <= code.len()).then_some(inst)
}

/// Prefixes that change what follows.
#[derive(Clone, Copy)]
struct Prefixes {
    /// Of amd64, not of 386.
    long: bool,
    wide: bool,
    short: bool,
    address32: bool,
}

/// Reads the opcode, in whatever map it is.
fn shape_of(code: &[u8], at: &mut usize, prefixes: Prefixes) -> Option<Shape> {
    let opcode = *code.get(*at)?;
    *at += 1;
    let word = if prefixes.short { 2 } else { 4 };
    // On 386 these have other meanings where a register does not follow.
    let vectors = prefixes.long || code.get(*at).is_some_and(|next| *next >= 0xc0);
    Some(match opcode {
        _ if !prefixes.long && is_of_386(opcode, vectors) => of_386(opcode),
        0x0f => {
            let second = *code.get(*at)?;
            *at += 1;
            match second {
                0x38 => {
                    *at += 1;
                    shape(true, 0)
                }
                0x3a => {
                    *at += 1;
                    shape(true, 1)
                }
                _ => two_byte(second)?,
            }
        }
        0xc5 => {
            let opcode = *code.get(*at + 1)?;
            *at += 2;
            vector(1, opcode)?
        }
        0xc4 => {
            let map = code.get(*at)? & 0x1f;
            let opcode = *code.get(*at + 2)?;
            *at += 3;
            vector(map, opcode)?
        }
        0x62 => {
            let map = code.get(*at)? & 7;
            let opcode = *code.get(*at + 3)?;
            *at += 4;
            vector(map, opcode)?
        }
        _ => {
            one_byte(opcode, *code.get(*at).unwrap_or(&0), prefixes.wide, word, prefixes.address32)?
        }
    })
}

/// Reads the byte that says how memory is addressed, and what belongs to it.
fn operand(code: &[u8], at: &mut usize, inst: &mut Inst, long: bool) -> Option<()> {
    let modrm = *code.get(*at)?;
    *at += 1;
    let (mode, register) = (modrm >> 6, modrm & 7);
    let base = if mode != 3 && register == 4 {
        *at += 1;
        code.get(*at - 1)? & 7
    } else {
        register
    };
    match mode {
        0 if register == 5 => {
            // Of 386 it is the address itself.
            *(if long { &mut inst.relative } else { &mut inst.displacement }) = Some(*at);
            *at += 4;
        }
        0 if register == 4 && base == 5 => {
            inst.displacement = Some(*at);
            *at += 4;
        }
        1 => *at += 1,
        2 => {
            inst.displacement = Some(*at);
            *at += 4;
        }
        _ => {}
    }
    Some(())
}

/// Whether an opcode means something of its own on 386.
const fn is_of_386(opcode: u8, vectors: bool) -> bool {
    match opcode {
        0xc4 | 0xc5 | 0x62 => !vectors,
        0x06 | 0x07 | 0x0e | 0x16 | 0x17 | 0x1e | 0x1f | 0x27 | 0x2f | 0x37 | 0x3f => true,
        0x40..=0x4f | 0x60 | 0x61 | 0x82 | 0x9a | 0xea | 0xce | 0xd4 | 0xd5 | 0xd6 => true,
        _ => false,
    }
}

const fn of_386(opcode: u8) -> Shape {
    match opcode {
        0xc4 | 0xc5 | 0x62 => shape(true, 0),
        0x82 => shape(true, 1),
        0x9a | 0xea => shape(false, 6),
        0xd4 | 0xd5 => shape(false, 1),
        _ => shape(false, 0),
    }
}

fn one_byte(opcode: u8, next: u8, wide: bool, word: usize, address32: bool) -> Option<Shape> {
    Some(match opcode {
        0x00..=0x3f => match opcode & 7 {
            0..=3 => shape(true, 0),
            4 => shape(false, 1),
            5 => shape(false, word),
            _ => return None,
        },
        0x50..=0x5f
        | 0x90..=0x99
        | 0x9b..=0x9f
        | 0xa4..=0xa7
        | 0xaa..=0xaf
        | 0xc3
        | 0xc9
        | 0xcb
        | 0xcc
        | 0xcf
        | 0xd7
        | 0xec..=0xef
        | 0xf1
        | 0xf4
        | 0xf5
        | 0xf8..=0xfd
        | 0x6c..=0x6f => shape(false, 0),
        0x63 | 0x84..=0x8f | 0xd0..=0xd3 | 0xd8..=0xdf | 0xfe | 0xff => shape(true, 0),
        0x68 | 0xa9 => shape(false, word),
        0x69 | 0x81 | 0xc7 => shape(true, word),
        0x6a | 0xa8 | 0xb0..=0xb7 | 0xcd | 0xe4..=0xe7 => shape(false, 1),
        0x6b | 0x80 | 0x83 | 0xc0 | 0xc1 | 0xc6 => shape(true, 1),
        0x70..=0x7f | 0xe0..=0xe3 | 0xeb => Shape { modrm: false, immediate: 1, branch: true },
        0xe8 | 0xe9 => Shape { modrm: false, immediate: 4, branch: true },
        0xa0..=0xa3 => shape(false, if address32 { 4 } else { 8 }),
        0xb8..=0xbf => shape(false, if wide { 8 } else { word }),
        0xc2 | 0xca => shape(false, 2),
        0xc8 => shape(false, 3),
        0xf6 => shape(true, if next >> 3 & 7 < 2 { 1 } else { 0 }),
        0xf7 => shape(true, if next >> 3 & 7 < 2 { word } else { 0 }),
        _ => return None,
    })
}

fn two_byte(opcode: u8) -> Option<Shape> {
    Some(match opcode {
        0x05..=0x09
        | 0x0b
        | 0x0e
        | 0x30..=0x37
        | 0x77
        | 0xa0..=0xa2
        | 0xa8..=0xaa
        | 0xc8..=0xcf => shape(false, 0),
        0x80..=0x8f => Shape { modrm: false, immediate: 4, branch: true },
        0x70..=0x73 | 0xa4 | 0xac | 0xba | 0xc2 | 0xc4..=0xc6 => shape(true, 1),
        0x04 | 0x0a | 0x0c | 0x0f | 0x24..=0x27 | 0x39 | 0x3b..=0x3f => return None,
        _ => shape(true, 0),
    })
}

/// Of VEX and EVEX.
fn vector(map: u8, opcode: u8) -> Option<Shape> {
    Some(match map {
        1 => match opcode {
            0x77 => shape(false, 0),
            0x70..=0x73 | 0xc2 | 0xc4..=0xc6 => shape(true, 1),
            _ => shape(true, 0),
        },
        2 | 5 | 6 => shape(true, 0),
        3 => shape(true, 1),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn length(code: &[u8]) -> Option<usize> {
        decode(code).map(|inst| inst.length)
    }

    #[test]
    fn lengths_are_those_of_the_manual() {
        for (code, expected) in [
            (&[0x90_u8][..], 1),
            (&[0xc3], 1),
            (&[0x48, 0x89, 0xc3], 3),                    // MOVQ AX, BX
            (&[0x48, 0x8d, 0x05, 1, 2, 3, 4], 7),        // LEAQ x(IP), AX
            (&[0x48, 0xb8, 1, 2, 3, 4, 5, 6, 7, 8], 10), // MOVQ $imm64, AX
            (&[0xbb, 1, 0, 0, 0], 5),                    // MOVL $1, BX
            (&[0x66, 0x81, 0xf9, 1, 2], 5),              // CMPW CX, $imm16
            (&[0xf7, 0xd8], 2),                          // NEGL AX
            (&[0xf7, 0xc0, 1, 0, 0, 0], 6),              // TESTL $1, AX
            (&[0x48, 0x8b, 0x44, 0x24, 0x10], 5),        // MOVQ 16(SP), AX
            (&[0x48, 0x8b, 0x84, 0x24, 0, 1, 0, 0], 8),  // MOVQ 256(SP), AX
            (&[0x83, 0x3d, 1, 2, 3, 4, 0], 7),           // CMPL x(IP), $0
            (&[0x0f, 0x1f, 0x44, 0, 0], 5),              // NOPL
            (&[0xc5, 0xf8, 0x77], 3),                    // VZEROUPPER
            (&[0xc4, 0xe3, 0x7d, 0x39, 0xc1, 1], 6),     // VEXTRACTI128
            (&[0x62, 0xf1, 0xfe, 0x48, 0x6f, 0x06], 6),  // VMOVDQU64
            (&[0xe8, 0, 0, 0, 0], 5),
            (&[0x0f, 0x84, 0, 0, 0, 0], 6),
        ] {
            assert_eq!(length(code), Some(expected), "{code:x?}");
            for cut in 0..code.len() {
                assert!(length(&code[..cut]).is_none_or(|length| length <= cut), "{code:x?}");
            }
        }
    }

    #[test]
    fn what_depends_on_the_place_is_known() {
        let lea = decode(&[0x48, 0x8d, 0x05, 1, 2, 3, 4]).unwrap();
        assert_eq!((lea.relative, lea.branch, lea.immediate), (Some(3), false, None));
        let call = decode(&[0xe8, 0, 0, 0, 0]).unwrap();
        assert_eq!((call.relative, call.branch), (Some(1), true));
        let compare = decode(&[0x83, 0x3d, 1, 2, 3, 4, 7]).unwrap();
        assert_eq!((compare.relative, compare.immediate), (Some(2), Some((6, 1))));
    }

    /// Every instruction of a program of Go's runtime and C library, AVX-512 among it.
    #[test]
    #[expect(clippy::disallowed_methods, reason = "builds a program and disassembles it")]
    fn lengths_are_those_of_objdump() {
        let dir = std::env::temp_dir().join(format!("gorepro-x86-{}", std::process::id()));
        std::fs::create_dir_all(&dir).unwrap();
        std::fs::write(
            dir.join("main.go"),
            "package main\n\nimport \"C\"\n\nfunc main() { println(1) }\n",
        )
        .unwrap();
        let program = dir.join("program");
        let mut go = std::process::Command::new("go");
        go.args(["build", "-ldflags=-extldflags=-static", "-o"]).arg(&program).arg("main.go");
        go.env("CGO_ENABLED", "1").env("GOARCH", "amd64").current_dir(&dir);
        assert!(go.status().unwrap().success());
        let listing = std::process::Command::new("objdump")
            .args(["-d", "-w", "-j", ".text"])
            .arg(&program)
            .output();
        let listing = String::from_utf8(listing.unwrap().stdout).unwrap();
        let (mut seen, mut wrong) = (0, vec![]);
        for line in listing.lines() {
            let mut columns = line.split('\t');
            let (Some(at), Some(bytes), Some(text)) =
                (columns.next(), columns.next(), columns.next())
            else {
                continue;
            };
            let bytes: Vec<u8> = bytes
                .split_whitespace()
                .map(|byte| u8::from_str_radix(byte, 16).unwrap())
                .collect();
            // Padding, and data in between, which objdump cannot read either; a prefix that it shows alone.
            if text.contains("(bad)")
                || text.starts_with("rex")
                || text.trim() == "lock"
                || text.starts_with("data16") && bytes.len() == 1
            {
                continue;
            }
            seen += 1;
            let mut padded = bytes.clone();
            padded.resize(24, 0x90);
            if length(&padded) != Some(bytes.len()) {
                wrong.push(format!("{at} {bytes:x?} {text}: {:?}", length(&padded)));
            }
        }
        std::fs::remove_dir_all(&dir).unwrap();
        assert!(seen > 200_000, "{seen}");
        assert!(
            wrong.is_empty(),
            "{} of {seen}: {:#?}",
            wrong.len(),
            &wrong[..wrong.len().min(20)]
        );
    }

    proptest::proptest! {
        #[test]
        fn nothing_panics(code: [u8; 16]) {
            if let Some(inst) = decode(&code) {
                assert!((1..=16).contains(&inst.length));
            }
        }
    }
}
