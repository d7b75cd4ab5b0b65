//! Chance that can be repeated: the same seed strikes the same tools of the same packages.

/// A number in 0..1 that depends on the seed and the words only.
pub(crate) fn number(seed: u64, words: &[&str]) -> f64 {
    let mut state = mix(seed ^ 0x9e37_79b9_7f4a_7c15);
    for word in words {
        for byte in word.bytes().chain([0xff]) {
            state = mix(state ^ u64::from(byte));
        }
    }
    // 53 bits are what a double takes.
    (state >> 11) as f64 / (1_u64 << 53) as f64
}

/// Whether something of that probability happens.
pub(crate) fn strikes(probability: f64, seed: u64, words: &[&str]) -> bool {
    number(seed, words) < probability
}

/// splitmix64.
const fn mix(state: u64) -> u64 {
    let z = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seed_decides_and_the_share_is_right() {
        let hits =
            |seed| (0..10_000).filter(|n| strikes(0.2, seed, &["compile", &n.to_string()])).count();
        assert_eq!(hits(1), hits(1));
        for seed in 0..8 {
            assert!((1850..2150).contains(&hits(seed)), "{seed}: {}", hits(seed));
        }
        assert!(!strikes(0.0, 1, &["x"]) && strikes(1.0, 1, &["x"]));
        assert_ne!(number(1, &["ab", "c"]), number(1, &["a", "bc"]));
    }
}
