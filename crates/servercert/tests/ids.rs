//! Every case of the table gives exactly its ids.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "this is all test code")]

mod common;

use common::{DAY, Shop, cases, fixtures};
use servercert::{Input, Problem, ids, judge};

fn problems(shop: &Shop, case: &cases::Case) -> Vec<Problem> {
    let file = |names: &str| (names != "-").then(|| shop.cat(names));
    let number = |name: &str| case.option(name).next().map(|value| value.parse::<i64>().unwrap());
    let hosts: Vec<String> = case.option("host").map(str::to_owned).collect();
    judge(&Input {
        cert_pem: &shop.cat(case.cert),
        key_pem: file(case.key).as_deref(),
        key_mode: case.option("mode").next().map(|mode| u32::from_str_radix(mode, 8).unwrap()),
        ca_pem: file(case.ca).as_deref(),
        hosts: &hosts,
        min_days: number("min").unwrap_or(0).try_into().unwrap(),
        now_unix: shop.now() + number("day").unwrap_or(0) * DAY,
    })
}

#[test]
fn every_case_gives_exactly_its_ids() {
    let shop = Shop::open();
    fixtures::stock(&shop);
    let mut wrong = Vec::new();
    for case in cases::all() {
        let problems = problems(&shop, &case);
        let found = ids(&problems).join(" ");
        if found != case.ids {
            let said: Vec<_> = problems.iter().map(ToString::to_string).collect();
            wrong
                .push(format!("{}: expected [{}], found [{found}]: {said:?}", case.name, case.ids));
        }
    }
    assert!(wrong.is_empty(), "{} cases\n{}", wrong.len(), wrong.join("\n"));
}
