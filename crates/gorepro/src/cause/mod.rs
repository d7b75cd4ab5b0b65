//! The causes: why two programs of the same sources differ, what follows, and what to do. Data, in the order in
//! which they are told: what changes most comes first.

mod everywhere;
mod part;

/// How far a cause reaches.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reach {
    /// It changes code everywhere: differences of code and data need no other cause.
    All,
    /// It changes what it names, and what follows from that.
    Part,
}

/// A cause.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cause {
    /// Stable: `repro.build-path`.
    pub id: &'static str,
    /// How far it reaches.
    pub reach: Reach,
    /// In a few words, English and Chinese.
    pub title: [&'static str; 2],
    /// Why it changes the program, English and Chinese.
    pub why: [&'static str; 2],
    /// What to do about it, English and Chinese.
    pub fix: [&'static str; 2],
}

/// The cause with this identifier, with or without `repro.`.
pub fn cause(id: &str) -> Option<&'static Cause> {
    let id = id.strip_prefix("repro.").unwrap_or(id);
    CAUSES.iter().find(|cause| cause.id.strip_prefix("repro.") == Some(id))
}

/// All of them.
pub const CAUSES: &[Cause] = &{
    let (first, second) = (everywhere::CAUSES, part::CAUSES);
    let mut all = [first[0]; everywhere::CAUSES.len() + part::CAUSES.len()];
    let mut place = 0;
    while place < all.len() {
        let behind = place.wrapping_sub(first.len());
        all[place] = if place < first.len() { first[place] } else { second[behind] };
        place += 1;
    }
    all
};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_cause_is_worded_in_both_languages_and_named_once() {
        for (place, cause) in CAUSES.iter().enumerate() {
            assert!(cause.id.starts_with("repro."), "{}", cause.id);
            for [en, zh] in [cause.title, cause.why, cause.fix] {
                assert!(en.is_ascii() || en.contains('…'), "{en}");
                assert!(
                    zh.chars().any(|letter| ('\u{4e00}'..'\u{9fff}').contains(&letter)),
                    "{zh}"
                );
            }
            assert!(CAUSES.iter().skip(place + 1).all(|other| other.id != cause.id));
        }
    }
}
