//! What holds of every comparison, whatever the programs are.

/// Compares both ways round.
pub fn compared(a: &[u8], b: &[u8]) {
    let (Ok(there), Ok(back)) = (gorepro::compare(a, b), gorepro::compare(b, a)) else { return };
    for found in [&there, &back] {
        assert_eq!(found.same, a == b, "bit for bit");
        assert!(found.same || !found.causes.is_empty(), "what differs has a cause, or is unexplained");
    }
    assert_eq!(there.differing, back.differing);
}
