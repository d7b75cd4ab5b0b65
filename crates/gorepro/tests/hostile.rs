//! Programs whose parts lie over each other: each byte is looked at a bounded number of times, and what is left out
//! is said. Without the bounds these tests would run for hours.

#[path = "../../../fuzz/fuzz_targets/support/elf.rs"]
#[allow(
    clippy::all,
    clippy::pedantic,
    clippy::restriction,
    missing_docs,
    unreachable_pub,
    reason = "shared"
)]
mod made;

use made::{Section, Symbol, elf};

const MANY: usize = 10_000;

/// A program with code and data of a megabyte each, and a symbol for each name, over all of that section.
fn program(names: &[String], section: usize, last: u8) -> Vec<u8> {
    let mut data = vec![1; 1 << 20];
    data.push(last);
    let sections = [
        Section { name: ".text", code: true, address: 0x40_0000, data: vec![0x90; 1 << 20] },
        Section { name: ".data", code: false, address: 0x60_0000, data },
    ];
    // Each begins a bit further on, so that none is another's second name.
    let symbols = names.iter().enumerate().map(|(offset, name)| Symbol {
        name,
        section,
        offset: offset as u64,
        size: (1 << 20) + 1 - offset as u64,
    });
    elf(&sections, &symbols.collect::<Vec<_>>())
}

fn names() -> Vec<String> {
    (0..MANY).map(|number| format!("a.b{number}")).collect()
}

#[test]
fn functions_over_each_other_are_each_looked_at_once() {
    let (a, b) = (program(&names(), 0, 0), program(&names(), 0, 1));
    let found = gorepro::compare(&a, &b).unwrap();
    assert_eq!((found.same, found.functions.both), (false, MANY));
}

#[test]
fn variables_over_each_other_are_not_all_looked_at_and_that_is_said() {
    let (a, b) = (program(&names(), 1, 0), program(&names(), 1, 1));
    let found = gorepro::compare(&a, &b).unwrap();
    let said = found.unexplained_in.iter().any(|name| name.contains("over each other"));
    assert!(said && found.unexplained > 0, "{:?}", found.unexplained_in);
}

#[test]
fn sections_over_each_other_are_refused() {
    let mut program = program(&[], 0, 0);
    let place = u64::from_le_bytes(program[40..48].try_into().unwrap());
    // Each section's bytes are said to be all of the file.
    let count = usize::from(u16::from_le_bytes([program[60], program[61]]));
    let whole = program.len() as u64;
    let header = program.get(usize::try_from(place).unwrap()..).unwrap().to_vec();
    for _ in 0..40 {
        program.extend_from_slice(header.get(64..128).unwrap());
        let at = program.len() - 64;
        program[at + 24..at + 32].copy_from_slice(&0_u64.to_le_bytes());
        program[at + 32..at + 40].copy_from_slice(&whole.to_le_bytes());
    }
    let count = u16::try_from(count + 40).unwrap();
    program[60..62].copy_from_slice(&count.to_le_bytes());
    let other = [&program[..], &[0]].concat();
    let said = gorepro::compare(&program, &other).unwrap_err().to_string();
    assert!(said.contains("over each other"), "{said}");
}
