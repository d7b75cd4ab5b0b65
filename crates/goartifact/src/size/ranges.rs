//! Ranges of addresses that are already told.

/// Ranges that do not overlap.
#[derive(Clone, Debug, Default)]
pub(super) struct Ranges(Vec<(u64, u64)>);

impl Ranges {
    /// Adds one; the answer is how many bytes of it are new. Built in any order; what is asked for in
    /// order is cheap.
    pub(super) fn add(&mut self, start: u64, length: u64) -> u64 {
        let end = start.saturating_add(length);
        let from = self.0.partition_point(|(_, known)| *known < start);
        let to = self.0.partition_point(|(known, _)| *known <= end);
        let old = self.overlap(start, end);
        let touched = self.0.get(from..to).unwrap_or_default();
        let start = touched.first().map_or(start, |(first, _)| start.min(*first));
        let end = touched.last().map_or(end, |(_, last)| end.max(*last));
        self.0.splice(from..to, [(start, end)]);
        length - old.min(length)
    }

    /// How much of this is in one of them.
    pub(super) fn overlap(&self, start: u64, end: u64) -> u64 {
        let from = self.0.partition_point(|(_, known)| *known <= start);
        let inside = self.0.iter().skip(from).take_while(|(first, _)| *first < end);
        inside.map(|(first, last)| (*last).min(end).saturating_sub((*first).max(start))).sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn ranges_are_a_set_of_addresses(ranges in proptest::collection::vec((0_u64..60, 0_u64..20), 0..12), ask in (0_u64..80, 0_u64..30)) {
            let (mut known, mut naive) = (Ranges::default(), [false; 128]);
            for (start, length) in ranges {
                let mut new = 0;
                for at in start..start + length {
                    new += u64::from(!naive[at as usize]);
                    naive[at as usize] = true;
                }
                prop_assert_eq!(known.add(start, length), new);
            }
            let wanted = (ask.0..ask.0 + ask.1).filter(|at| naive[*at as usize]).count() as u64;
            prop_assert_eq!(known.overlap(ask.0, ask.0 + ask.1), wanted);
        }
    }
}
