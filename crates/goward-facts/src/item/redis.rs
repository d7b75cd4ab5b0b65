//! `redis-ping`: sends PING and wants PONG (RESP2, the Redis protocol specification).

use super::address::Address;
use super::{Answer, Evidence, broken, refused};
use crate::ProbeError;
use goward_model::Text;
use goward_system::{Connection, System};
use std::io;
use std::time::Duration;

pub(super) fn ping(
    url: &str,
    system: &dyn System,
    limit: Duration,
) -> Result<Evidence, ProbeError> {
    let address = Address::parse(url, &["redis"], 6379)?;
    let mut connection = match system.connect(&address.host, limit) {
        Ok(connection) => connection,
        Err(err) => return refused(err),
    };
    let mut commands = vec![];
    if let Some(password) = &address.password {
        let user = address.user.as_deref();
        commands.push(("AUTH", [user, Some(password)].into_iter().flatten().collect()));
    }
    commands.push(("PING", vec![]));
    for (name, args) in commands {
        let wanted = if name == "PING" { "+PONG" } else { "+OK" };
        match ask(&mut *connection, name, &args) {
            Ok(answer) if answer == wanted => {}
            Ok(answer) => {
                let said = answer.trim_start_matches('-');
                return Ok(Evidence::Refused(Text::new(
                    format!("{} answered {name} with {said:?}", address.host),
                    format!("{} 对 {name} 的应答是 {said:?}", address.host),
                )));
            }
            Err(err) => return broken(&address.host, &err, limit),
        }
    }
    Ok(Evidence::Answer(Answer { text: "PONG".into(), ..Answer::default() }))
}

/// Sends one command as an array of bulk strings; returns the first line of the answer.
fn ask(connection: &mut dyn Connection, name: &str, args: &[&str]) -> io::Result<String> {
    let mut request = format!("*{}\r\n", args.len() + 1);
    for word in std::iter::once(&name).chain(args) {
        request += &format!("${}\r\n{word}\r\n", word.len());
    }
    connection.write_all(request.as_bytes())?;
    let mut line = vec![];
    let mut byte = [0];
    // A peer that never ends its line is no Redis.
    while line.len() < 512 {
        connection.read_exact(&mut byte)?;
        if byte[0] == b'\n' {
            break;
        }
        line.push(byte[0]);
    }
    Ok(String::from_utf8_lossy(&line).trim_end().to_owned())
}
