//! Whether a waiver holds today.

use crate::{Origin, Waiver};
use jiff::civil::Date;

/// How many days before its end a waiver is announced.
pub const NOTICE_DAYS: i64 = 14;

/// A waiver and where it was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlacedWaiver {
    /// What it says.
    pub waiver: Waiver,
    /// The place in its policy file.
    pub origin: Origin,
}

/// Where a waiver stands on a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// It holds; the last day is this many days away (0: today).
    Active {
        /// Days until the last day.
        days_left: i64,
    },
    /// The last day is past.
    Expired,
    /// The date cannot be read, so it counts as expired.
    BadDate,
}

impl PlacedWaiver {
    /// Where the waiver stands on `today`. The last day is inclusive.
    pub fn standing(&self, today: Date) -> Standing {
        let Ok(last) = self.waiver.expires.parse::<Date>() else { return Standing::BadDate };
        match (last - today).get_days() {
            days if days >= 0 => Standing::Active { days_left: days.into() },
            _ => Standing::Expired,
        }
    }
}

/// The day, UTC, of a point in time given in seconds since 1970.
pub fn today(unix_time: i64) -> Date {
    let time = jiff::Timestamp::from_second(unix_time).unwrap_or(jiff::Timestamp::UNIX_EPOCH);
    time.to_zoned(jiff::tz::TimeZone::UTC).date()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn standing(expires: &str, unix_time: i64) -> Standing {
        let waiver = Waiver { expires: expires.into(), ..Waiver::default() };
        PlacedWaiver { waiver, origin: Origin::default() }.standing(today(unix_time))
    }

    #[test]
    fn the_last_day_is_inclusive_and_utc() {
        // 2026-03-01T23:59:59Z and one second later.
        let (last_second, next_day) = (1_772_409_599, 1_772_409_600);
        assert_eq!(standing("2026-03-01", last_second), Standing::Active { days_left: 0 });
        assert_eq!(standing("2026-03-01", next_day), Standing::Expired);
        assert_eq!(standing("2026-03-15", last_second), Standing::Active { days_left: 14 });
        assert_eq!(standing("2028-02-29", last_second), Standing::Active { days_left: 730 });
    }

    #[test]
    fn a_bad_date_counts_as_expired() {
        for bad in ["", "soon", "2026-02-30", "2026-13-01", "31.12.2026", "2026-3-1"] {
            assert_eq!(standing(bad, 0), Standing::BadDate, "{bad:?}");
        }
    }
}
