//! The Go version that a constraint implies: go/build/constraint/vers.go.

use super::Expr;

impl Expr {
    /// The least Go version, such as `go1.22`, without which the expression cannot hold: `constraint.GoVersion`. None
    /// if it holds without any `go1.N` tag.
    pub fn go_version(&self) -> Option<String> {
        match min_version(self, true) {
            ..0 => None,
            0 => Some("go1".to_owned()),
            minor => Some(format!("go1.{minor}")),
        }
    }
}

/// The least minor version that the expression implies, or its negation; -1 if none.
fn min_version(expr: &Expr, positive: bool) -> i64 {
    match expr {
        Expr::Not(x) => min_version(x, !positive),
        Expr::And(x, y) | Expr::Or(x, y) => {
            let (x_min, y_min) = (min_version(x, positive), min_version(y, positive));
            let both = matches!(expr, Expr::And(..)) == positive;
            if both { x_min.max(y_min) } else { x_min.min(y_min) }
        }
        Expr::Tag(tag) if positive && tag == "go1" => 0,
        Expr::Tag(tag) if positive => {
            // Go cuts at the first `go1.`, wherever that is.
            let minor = tag.split_once("go1.").map_or("", |(_, minor)| minor);
            minor.parse().unwrap_or(-1)
        }
        Expr::Tag(_) => -1,
    }
}
