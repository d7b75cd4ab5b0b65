//! What a text is, and whether it is among the texts of another program.

/// Whether bytes read as text. `padded`: some processors want a text to begin at an even place, and nothing cuts between.
pub(crate) fn is_text(value: &[u8], padded: bool) -> bool {
    let padding = || padded && memchr::memmem::find(value, b"\0\0").is_none();
    std::str::from_utf8(value).is_ok_and(|text| {
        let control = |c: char| c.is_control() && !matches!(c, '\n' | '\t');
        !text.chars().any(|c| control(c) && !(c == '\0' && padding()))
    })
}

/// Values of one program that are no text. What ends where something new begins went on before: into what is none.
pub(crate) struct Longer<'a>(Vec<&'a [u8]>);

impl<'a> Longer<'a> {
    /// Those of these values.
    pub(crate) fn of(values: impl Iterator<Item = &'a [u8]>, padded: bool) -> Self {
        let mut values: Vec<&[u8]> = values.filter(|value| !is_text(value, padded)).collect();
        values.sort_unstable();
        Self(values)
    }

    /// Whether one of them begins with a value.
    pub(crate) fn begins_with(&self, value: &[u8]) -> bool {
        let place = self.0.partition_point(|other| *other < value);
        self.0.get(place).is_some_and(|other| other.starts_with(value))
    }
}

/// So many bytes are searched for pieces of texts: of a hostile program all of them may be pieces.
pub(crate) const MAX_SEARCHED: usize = 2 << 30;

/// Whether several texts in one are all among the other program's, in other neighbourhoods.
pub(crate) fn is_within(value: &[u8], texts: &[u8], room: &mut usize) -> bool {
    /// A shorter piece may be anywhere by chance.
    const PIECE: usize = 16;
    /// It is looked at in so many places.
    const PLACES: usize = 64;
    let mut at = 0;
    while let Some(rest) = value.get(at..).filter(|rest| !rest.is_empty()) {
        // Padding between texts.
        if rest.first() == Some(&0) {
            at += 1;
            continue;
        }
        // The end of the value: together with what is before it.
        let rest = if rest.len() < PIECE {
            value.get(value.len().saturating_sub(PIECE)..).unwrap_or(rest)
        } else {
            rest
        };
        let Some(piece) = rest.get(..PIECE) else { return false };
        *room = room.saturating_sub(texts.len());
        // Where it reaches farthest.
        let reach = |found: usize| {
            let other = texts.get(found..).unwrap_or_default();
            rest.iter().zip(other).take_while(|(x, y)| x == y).count()
        };
        let places = memchr::memmem::find_iter(texts, piece).take(PLACES);
        let Some(reach) = places.map(reach).max().filter(|_| *room > 0) else { return false };
        at += reach.max(1);
        if rest.len() == PIECE && at >= value.len().saturating_sub(PIECE) {
            return true;
        }
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_with_other_neighbours_are_no_difference() {
        let is =
            |value: &str, texts: &str| is_within(value.as_bytes(), texts.as_bytes(), &mut 9_999);
        let (one, two) = ("the first of two long texts", "and the second one of them");
        assert!(is(&format!("{one}{two}"), &format!("{two}.....{one}")));
        assert!(!is(&format!("{one}Aurora{two}"), &format!("{one}Boreas{two}")));
        assert!(!is(&format!("{one}2"), &format!("{one}1")));
        assert!(!is("short", "a short one"));
    }

    #[test]
    fn what_goes_on_in_the_other_program_ends_nowhere() {
        let longer = Longer::of([&b"frame too large\x01\x02"[..], b"a text"].into_iter(), false);
        assert!(longer.begins_with(b"frame too large"));
        assert!(!longer.begins_with(b"frame too small") && !longer.begins_with(b"a text"));
    }
}
