//! Cells of a row; read leniently, because one damaged row must not hide all others.

use rusqlite::Row;
use rusqlite::types::ValueRef;

/// SQL's integers end at 2⁶³−1; "no limit" stays the largest number there is.
pub(crate) fn to_sql(number: impl TryInto<i64>) -> i64 {
    number.try_into().unwrap_or(i64::MAX)
}

/// Text, or `None` for NULL; what is not UTF-8 is replaced.
pub(crate) fn maybe_text(row: &Row<'_>, column: &str) -> rusqlite::Result<Option<String>> {
    Ok(match row.get_ref(column)? {
        ValueRef::Null => None,
        ValueRef::Text(bytes) | ValueRef::Blob(bytes) => {
            Some(String::from_utf8_lossy(bytes).into_owned())
        }
        ValueRef::Integer(number) => Some(number.to_string()),
        ValueRef::Real(number) => Some(number.to_string()),
    })
}

/// Text; empty for NULL.
pub(crate) fn text(row: &Row<'_>, column: &str) -> rusqlite::Result<String> {
    Ok(maybe_text(row, column)?.unwrap_or_default())
}

/// A number, or `None` for anything else.
pub(crate) fn maybe_real(row: &Row<'_>, column: &str) -> rusqlite::Result<Option<f64>> {
    Ok(match row.get_ref(column)? {
        ValueRef::Real(number) => Some(number),
        // Exact: what was stored as a number with a fraction never comes back as an integer.
        ValueRef::Integer(number) => Some(number as f64),
        _ => None,
    })
}

/// A number; 0 for anything else.
pub(crate) fn real(row: &Row<'_>, column: &str) -> rusqlite::Result<f64> {
    Ok(maybe_real(row, column)?.unwrap_or_default())
}

/// A whole number that fits, else 0.
pub(crate) fn integer<N: TryFrom<i64> + Default>(
    row: &Row<'_>,
    column: &str,
) -> rusqlite::Result<N> {
    Ok(match row.get_ref(column)? {
        ValueRef::Integer(number) => N::try_from(number).unwrap_or_default(),
        _ => N::default(),
    })
}

/// Yes or no, or `None` for NULL.
pub(crate) fn maybe_flag(row: &Row<'_>, column: &str) -> rusqlite::Result<Option<bool>> {
    Ok(match row.get_ref(column)? {
        ValueRef::Integer(number) => Some(number != 0),
        _ => None,
    })
}

/// Yes or no; no for NULL.
pub(crate) fn flag(row: &Row<'_>, column: &str) -> rusqlite::Result<bool> {
    Ok(maybe_flag(row, column)?.unwrap_or_default())
}
