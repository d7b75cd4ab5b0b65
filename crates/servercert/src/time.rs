//! Times of certificates: read as Go reads them, and written as RFC 3339.

use crate::der::{GENERALIZED_TIME, Malformed, Reader, UTC_TIME};

const DAY: i64 = 86_400;

/// A Time of RFC 5280, section 4.1.2.5, in seconds since 1970. Like Go's `cryptobyte`, it takes zones other than
/// Z, and a UTCTime without seconds.
pub(crate) fn read(reader: &mut Reader<'_>) -> Result<i64, Malformed> {
    let (digits, bytes) = match reader.any()? {
        (UTC_TIME, bytes) => (2, bytes),
        (GENERALIZED_TIME, bytes) => (4, bytes),
        _ => return Err(Malformed),
    };
    let mut rest = bytes;
    let mut year = number(&mut rest, digits)?;
    if digits == 2 {
        year += if year >= 50 { 1900 } else { 2000 };
    }
    let (month, day) = (number(&mut rest, 2)?, number(&mut rest, 2)?);
    let (hour, minute) = (number(&mut rest, 2)?, number(&mut rest, 2)?);
    let has_seconds = digits == 4 || rest.first().is_some_and(u8::is_ascii_digit);
    let second = if has_seconds { number(&mut rest, 2)? } else { 0 };
    let offset = zone(rest)?;
    let valid = (1..=12).contains(&month) && (1..=length(year, month)).contains(&day);
    if !valid || hour > 23 || minute > 59 || second > 59 {
        return Err(Malformed);
    }
    Ok(days(year, month, day) * DAY + hour * 3600 + minute * 60 + second - offset)
}

/// The next decimal digits.
fn number(rest: &mut &[u8], digits: usize) -> Result<i64, Malformed> {
    let (number, after) = rest.split_at_checked(digits).ok_or(Malformed)?;
    *rest = after;
    number.iter().try_fold(0, |n, b| {
        let digit = char::from(*b).to_digit(10).ok_or(Malformed)?;
        Ok(n * 10 + i64::from(digit))
    })
}

/// How far ahead of UTC the zone is, in seconds. DER has one way to write UTC: Z.
fn zone(text: &[u8]) -> Result<i64, Malformed> {
    let (sign, mut rest) = match text {
        b"Z" => return Ok(0),
        [b'+', rest @ ..] => (1, rest),
        [b'-', rest @ ..] => (-1, rest),
        _ => return Err(Malformed),
    };
    let (hours, minutes) = (number(&mut rest, 2)?, number(&mut rest, 2)?);
    if !rest.is_empty() || hours > 23 || minutes > 59 || hours + minutes == 0 {
        return Err(Malformed);
    }
    Ok(sign * (hours * 3600 + minutes * 60))
}

fn length(year: i64, month: i64) -> i64 {
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    match month {
        2 if leap => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// Days since 1970 of a date in the Gregorian calendar, counting years from March:
/// <https://howardhinnant.github.io/date_algorithms.html#days_from_civil>.
fn days(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let year_of_era = year.rem_euclid(400);
    let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    era * 146_097 + day_of_era - 719_468
}

/// A time as RFC 3339, in UTC: the inverse of [`days`], by the same author.
pub(crate) fn rfc3339(seconds: i64) -> String {
    let (day, second) = (seconds.div_euclid(DAY) + 719_468, seconds.rem_euclid(DAY));
    let (era, day_of_era) = (day.div_euclid(146_097), day.rem_euclid(146_097));
    let year_of_era =
        (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted = (5 * day_of_year + 2) / 153;
    let date = day_of_year - (153 * shifted + 2) / 5 + 1;
    let month = if shifted < 10 { shifted + 3 } else { shifted - 9 };
    let year = era * 400 + year_of_era + i64::from(month <= 2);
    let (hour, minute) = (second / 3600, second / 60 % 60);
    format!("{year:04}-{month:02}-{date:02}T{hour:02}:{minute:02}:{:02}Z", second % 60)
}

#[cfg(test)]
mod tests {
    use super::{read, rfc3339};
    use crate::der::Reader;

    #[test]
    fn reads_the_times_that_go_reads() {
        // (identifier, text, RFC 3339 in UTC; nothing where it is refused)
        let cases = [
            (0x17, "700101000000Z", "1970-01-01T00:00:00Z"),
            (0x17, "491231235959Z", "2049-12-31T23:59:59Z"),
            (0x17, "500101000000Z", "1950-01-01T00:00:00Z"),
            (0x17, "2602281200Z", "2026-02-28T12:00:00Z"),
            (0x17, "260228120000+0530", "2026-02-28T06:30:00Z"),
            (0x17, "260228120000-0100", "2026-02-28T13:00:00Z"),
            (0x18, "20240229000000Z", "2024-02-29T00:00:00Z"),
            (0x18, "99991231235959Z", "9999-12-31T23:59:59Z"),
            (0x18, "00010101000000Z", "0001-01-01T00:00:00Z"),
            (0x18, "21000228235959Z", "2100-02-28T23:59:59Z"),
            (0x17, "260228120000+0000", ""),
            (0x17, "260229120000Z", ""),
            (0x17, "261301120000Z", ""),
            (0x17, "260100120000Z", ""),
            (0x17, "260101240000Z", ""),
            (0x17, "260101000060Z", ""),
            (0x17, "260101000000", ""),
            (0x17, "260101000000Zx", ""),
            (0x17, "2601010000Zx", ""),
            (0x18, "202601010000Z", ""),
            (0x18, "20260101000000.5Z", ""),
            (0x18, "21000229000000Z", ""),
            (0x17, "-60101000000Z", ""),
            (0x17, "", ""),
        ];
        for (identifier, text, expected) in cases {
            let mut der = vec![identifier, u8::try_from(text.len()).unwrap()];
            der.extend_from_slice(text.as_bytes());
            let found = read(&mut Reader::new(&der)).map_or(String::new(), rfc3339);
            assert_eq!(found, expected, "{text:?}");
        }
    }
}
