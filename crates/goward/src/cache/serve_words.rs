//! What a session found, in words and as a report: pure functions.

use crate::cli::CacheServeArgs;
use goward_model::{Finding, Findings, Gate, Lang, Location, Outcome, Report, SlaTier, Text};
use signedcache::{Doubt, EntryError, Event, Found, Place, Stats};
use std::net::SocketAddr;
use std::path::Path;

const ENTRY: &str = "integrity.cache-entry";
const OBJECT: &str = "integrity.cache-object";
const REMOTE: &str = "cache.remote";
const KEPT: &str = "cache.kept";

/// Which outcome a finding belongs to.
fn rule(found: &Found) -> &'static str {
    match found.doubt {
        Doubt::Entry(_) => ENTRY,
        Doubt::Size { .. } | Doubt::Content { .. } | Doubt::Kind => OBJECT,
    }
}

/// What was told while the build went on, as a line.
pub(super) fn line(event: &Event, lang: Lang) -> String {
    let text = match event {
        Event::Found(found) => {
            let what = message(found);
            let text = Text::new(
                format!("{}: {}: {}", rule(found), found.path, what.en),
                format!("{}：{}：{}", rule(found), found.path, what.zh),
            );
            return format!("goward cache: {}\n", text.in_lang(lang));
        }
        Event::RemoteOff { why } => remote_off(why),
        Event::NotKept { why } => not_kept(why),
        Event::NotUploaded { count, why } => not_uploaded(*count, why),
        Event::Shared => shared(),
        Event::Protocol { why } => Text::new(
            format!(
                "no go command speaks here: {why}; set GOCACHEPROG to this command (Go 1.24 or later)"
            ),
            format!("对方不是 go 命令：{why}；请将 GOCACHEPROG 设为此命令（Go 1.24 或更高版本）"),
        ),
    };
    format!("goward cache: {}\n", text.in_lang(lang))
}

fn remote_off(why: &str) -> Text {
    Text::new(
        format!("the remote is left alone from here on, and the build goes on without it: {why}"),
        format!("此后不再使用远程缓存，构建继续：{why}"),
    )
}

fn not_kept(why: &str) -> Text {
    Text::new(
        format!("what is built cannot be kept in the folder, and the build goes on: {why}"),
        format!("构建结果无法保存到缓存目录，构建继续：{why}"),
    )
}

fn not_uploaded(count: u64, why: &str) -> Text {
    Text::new(
        format!("{count} outputs did not reach the remote: {why}"),
        format!("{count} 个结果未能发送到远程缓存：{why}"),
    )
}

fn shared() -> Text {
    Text::new(
        "others can write to the cache's folder: what was verified may be another thing when go reads it; chmod go-w",
        "其他用户可写缓存目录：校验之后、go 读取之前内容仍可能被改；请执行 chmod go-w",
    )
}

/// What is wrong, and what came of it.
fn message(found: &Found) -> Text {
    let short = |id: &gocache::Id| id.to_string().chars().take(12).collect::<String>();
    let (en, zh) = match &found.doubt {
        Doubt::Entry(EntryError::Form) => (
            "it does not have the form of a signed entry".to_owned(),
            "不具有签名条目的格式".to_owned(),
        ),
        Doubt::Entry(EntryError::OtherAction(other)) => (
            format!("it is the entry of another action, {}…", short(other)),
            format!("是另一动作 {}… 的条目", short(other)),
        ),
        Doubt::Entry(EntryError::UnknownKey(key)) => (
            format!("it is signed by key {key}, which is not trusted here"),
            format!("由此处不信任的密钥 {key} 签名"),
        ),
        Doubt::Entry(EntryError::Signature(key)) => (
            format!("its signature by key {key} is wrong: it was forged or altered"),
            format!("密钥 {key} 的签名不正确：系伪造或被篡改"),
        ),
        Doubt::Size { signed, found } if found < signed => (
            format!("truncated: {found} bytes of {signed} that were signed"),
            format!("被截断：签名为 {signed} 字节，现有 {found} 字节"),
        ),
        Doubt::Size { signed, .. } => (
            format!("longer than the {signed} bytes that were signed"),
            format!("超过所签名的 {signed} 字节"),
        ),
        Doubt::Content { found } => (
            format!("altered: its bytes hash to {}…, not to what was signed", short(found)),
            format!("被篡改：内容的哈希为 {}…，与签名不符", short(found)),
        ),
        Doubt::Kind => ("no regular file".to_owned(), "不是普通文件".to_owned()),
    };
    let (where_en, where_zh) = match found.place {
        Place::Local => ("", ""),
        Place::Remote => ("in the remote cache: ", "远程缓存："),
    };
    let action = short(&found.action);
    Text::new(
        format!("{where_en}{en}; go did not get it and builds action {action}… itself"),
        format!("{where_zh}{zh}；未交给 go，动作 {action}… 由 go 自行构建"),
    )
}

fn help() -> Text {
    Text::new(
        "find out who can write there, or whether the disk fails; what go builds now replaces it where this builder may write",
        "请查明谁能写入该处，或磁盘是否损坏；若此构建者可写，go 重新构建的结果会将其替换",
    )
}

/// How many findings were not told one by one.
pub(super) fn more(count: usize, lang: Lang) -> String {
    let text = Text::new(
        format!("{count} more findings; --output FILE has them all"),
        format!("另有 {count} 项发现；--output FILE 可写出全部"),
    );
    format!("goward cache: {}\n", text.in_lang(lang))
}

/// The session in a line.
pub(super) fn stats(it: &Stats, lang: Lang) -> String {
    format!("goward cache: {}\n", counted(it).in_lang(lang))
}

fn counted(it: &Stats) -> Text {
    let Stats { gets, remembered, verified, remote, session, misses, puts, sent } = it;
    Text::new(
        format!(
            "{gets} gets: {remembered} verified before and untouched, {verified} read and verified, {remote} from the remote, \
             {session} of this session, {misses} misses; {puts} puts, {sent} sent"
        ),
        format!(
            "{gets} 次读取：{remembered} 次此前已校验且未变，{verified} 次读取并校验，{remote} 次来自远程，{session} 次来自本次会话，\
             {misses} 次未命中；{puts} 次写入，{sent} 次发送"
        ),
    )
}

/// The first words of a server.
pub(super) fn listening(address: SocketAddr, dir: &Path, lang: Lang) -> String {
    let dir = dir.display();
    let text = Text::new(
        format!("serving {dir} at http://{address}"),
        format!("正在 http://{address} 提供 {dir}"),
    );
    format!("{}\n", text.in_lang(lang))
}

/// The report of a session.
pub(super) fn report(
    events: &[Event],
    more: usize,
    stats: &Stats,
    args: &CacheServeArgs,
    started: jiff::Timestamp,
    latency_ms: f64,
) -> Report {
    let checks = [
        (
            ENTRY,
            SlaTier::P0,
            "every entry that was asked for is signed by a trusted key",
            "查询到的条目都由受信任的密钥签名",
        ),
        (
            OBJECT,
            SlaTier::P0,
            "every object that was asked for is what was signed",
            "查询到的对象都与签名一致",
        ),
        (
            REMOTE,
            SlaTier::P3,
            "the remote cache answered within its limits",
            "远程缓存在限度内作答",
        ),
        (KEPT, SlaTier::P3, "what was built was kept", "构建结果已保存"),
    ];
    let outcomes: Vec<Outcome> = checks
        .into_iter()
        .map(|(id, tier, en, zh)| {
            let mut findings = judge(id, events, args);
            if more > 0 && tier == SlaTier::P0 {
                let text = Text::new(
                    format!("{more} findings more than are listed"),
                    format!("另有 {more} 项发现未列出"),
                );
                findings.unknown(text);
            }
            if id == OBJECT {
                findings.note(counted(stats));
            }
            outcome(id, tier, Text::new(en, zh), findings, latency_ms)
        })
        .collect();
    let gate = Gate::of(outcomes.iter().filter(|it| it.tier.alerts()));
    let identity = crate::check::begun(started, args.dir.display().to_string());
    Report::new(identity, outcomes, gate, latency_ms)
}

fn judge(id: &str, events: &[Event], args: &CacheServeArgs) -> Findings {
    let mut findings = Findings::default();
    if id == REMOTE && args.remote.is_none() {
        findings.not_applicable(Text::new("no --remote", "没有 --remote"));
    }
    for event in events {
        match event {
            Event::Found(found) if rule(found) == id => {
                let path = found.path.trim_start_matches('/');
                let evidence = format!("{:?} {}", found.place, kind(&found.doubt));
                findings.report(Finding::at(
                    Location::whole(path),
                    evidence,
                    message(found),
                    help(),
                ));
            }
            Event::RemoteOff { why } if id == REMOTE => findings.unknown(remote_off(why)),
            Event::NotUploaded { count, why } if id == REMOTE => {
                findings.unknown(not_uploaded(*count, why))
            }
            Event::NotKept { why } if id == KEPT => findings.unknown(not_kept(why)),
            Event::Shared if id == OBJECT => findings.unknown(shared()),
            Event::Protocol { why } if id == ENTRY => findings.unknown(Text::same(why.clone())),
            _ => {}
        }
    }
    findings
}

/// A finding's stable name, without what is measured.
fn kind(doubt: &Doubt) -> &'static str {
    match doubt {
        Doubt::Entry(EntryError::Form) => "form",
        Doubt::Entry(EntryError::OtherAction(_)) => "other-action",
        Doubt::Entry(EntryError::UnknownKey(_)) => "unknown-key",
        Doubt::Entry(EntryError::Signature(_)) => "signature",
        Doubt::Size { .. } => "size",
        Doubt::Content { .. } => "content",
        Doubt::Kind => "kind",
    }
}

fn outcome(id: &str, tier: SlaTier, title: Text, findings: Findings, latency_ms: f64) -> Outcome {
    Outcome { latency_ms, ..Outcome::of(id, "cache", title, tier, findings) }
}
