//! Names that look alike.

/// The name without what is easily left out or exchanged.
pub(crate) fn without_separators(name: &str) -> String {
    name.chars().filter(|c| !matches!(c, '-' | '_' | '.')).collect::<String>().to_lowercase()
}

/// The name with one character for all that look alike, in lower case.
pub(crate) fn skeleton(name: &str) -> String {
    let plain: String = name.chars().map(plain).collect();
    plain.to_lowercase().replace("rn", "m").replace("vv", "w")
}

fn plain(c: char) -> char {
    match c {
        '0' | 'о' | 'О' | 'ο' | 'Ο' => 'o',
        '1' | 'I' | '|' | 'Ӏ' | 'ӏ' => 'l',
        // Letters of the Cyrillic and Greek alphabets.
        'а' | 'А' | 'α' => 'a',
        'е' | 'Е' | 'ё' => 'e',
        'р' | 'Р' | 'ρ' => 'p',
        'с' | 'С' => 'c',
        'у' | 'У' => 'y',
        'х' | 'Х' | 'χ' => 'x',
        'і' | 'І' | 'ι' => 'i',
        'ѕ' => 's',
        'ԁ' => 'd',
        'ɡ' => 'g',
        'һ' => 'h',
        'ν' => 'v',
        _ => c,
    }
}

/// How many characters have to be inserted, deleted, exchanged or swapped with their neighbour to turn one name into
/// the other; `None` if more than `limit` (optimal string alignment).
///
/// Time is linear: names that differ in length by more than the limit are not compared, and of longer ones the common
/// start and end are cut off.
pub(crate) fn distance(left: &str, right: &str, limit: u8) -> Option<u8> {
    let (mut left, mut right): (Vec<char>, Vec<char>) =
        (left.chars().collect(), right.chars().collect());
    if left.len().abs_diff(right.len()) > usize::from(limit) {
        return None;
    }
    while left.last().is_some_and(|last| right.last() == Some(last)) {
        left.pop();
        right.pop();
    }
    let common = left.iter().zip(&right).take_while(|(left, right)| left == right).count();
    edits(left.get(common..)?, right.get(common..)?, limit)
}

fn edits(left: &[char], right: &[char], limit: u8) -> Option<u8> {
    let (first, rest, other, other_rest) = match (left, right) {
        ([], rest) | (rest, []) => return u8::try_from(rest.len()).ok().filter(|n| *n <= limit),
        ([first, rest @ ..], [other, other_rest @ ..]) => (first, rest, other, other_rest),
    };
    if first == other {
        return edits_behind(rest, other_rest, limit);
    }
    let limit = limit.checked_sub(1)?;
    let swapped = match (rest, other_rest) {
        ([second, rest @ ..], [other_second, other_rest @ ..])
            if first == other_second && second == other =>
        {
            edits(rest, other_rest, limit)
        }
        _ => None,
    };
    let ways = [
        swapped,
        edits(rest, other_rest, limit),
        edits(rest, right, limit),
        edits(left, other_rest, limit),
    ];
    ways.into_iter().flatten().min().map(|edits| edits.saturating_add(1))
}

/// Goes on behind all that is equal, without recursion.
fn edits_behind(left: &[char], right: &[char], limit: u8) -> Option<u8> {
    let common = left.iter().zip(right).take_while(|(left, right)| left == right).count();
    edits(left.get(common..)?, right.get(common..)?, limit)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn edits_are_counted() {
        let cases = [
            ("", "", 2, Some(0)),
            ("a", "", 2, Some(1)),
            ("abc", "", 2, None),
            ("gorilla", "gorilla", 0, Some(0)),
            ("gorilla", "gorrilla", 1, Some(1)),
            ("gorilla", "goilla", 1, Some(1)),
            ("gorilla", "gorolla", 1, Some(1)),
            ("gorilla", "goirlla", 1, Some(1)),
            ("gorilla", "ogrilla", 1, Some(1)),
            ("gorilla", "gorilal", 1, Some(1)),
            ("gorilla", "gprolla", 1, None),
            ("gorilla", "gprolla", 2, Some(2)),
            ("gorilla", "orillag", 2, Some(2)),
            ("ca", "abc", 2, None),
            ("ca", "abc", 3, Some(3)),
            ("模块", "模快", 1, Some(1)),
        ];
        for (left, right, limit, want) in cases {
            assert_eq!(distance(left, right, limit), want, "{left} {right}");
            assert_eq!(distance(right, left, limit), want, "{right} {left}");
        }
    }

    #[test]
    fn long_names_are_compared_without_depth() {
        let long = "a".repeat(1_000_000);
        let other = format!("b{}c", "a".repeat(999_998));
        assert_eq!(distance(&long, &other, 2), Some(2));
        assert_eq!(distance(&long, &"ab".repeat(500_000), 2), None);
    }

    #[test]
    fn look_alikes_have_one_skeleton() {
        let cases = [
            ("goog1e", "google"),
            ("googIe", "google"),
            ("g00gle", "google"),
            ("rnoby", "moby"),
            ("vvorld", "world"),
            ("\u{430}ws", "aws"),
        ];
        for (left, right) in cases {
            assert_eq!(skeleton(left), skeleton(right), "{left} {right}");
        }
        assert_ne!(skeleton("api"), skeleton("apl"));
    }
}
