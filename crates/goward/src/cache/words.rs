//! What is said of a build cache, in both languages.

use crate::printable::printable;
use crate::units::human;
use gocache::{Coverage, Doubt, Problem, Unchecked, WhyStray, WhyUnchecked};
use goward_model::{Finding, Location, Text};
use std::path::Path;

/// Hexadecimal digits of an identifier that are shown in a sentence.
const SHORT: usize = 12;

/// A problem as a finding: the file, what was expected and found, whose it is, the fix.
pub(super) fn finding(problem: &Problem, cache: &Path) -> Finding {
    let (en, zh, evidence) = said(problem);
    let (of_en, of_zh) = whose(problem);
    let message = Text::new(en + &of_en, zh + &of_zh);
    let help = match problem.doubt.harm() {
        gocache::Harm::None => harmless(),
        _ => {
            let clean = format!("goward cache clean {} --corrupt --yes", cache.display());
            Text::new(
                format!(
                    "delete what is corrupt and build again: `{clean}`; then find out who can write to this folder, or \
                     whether the disk fails"
                ),
                format!(
                    "删除损坏的内容并重新构建：`{clean}`；然后查明谁能写入此目录，或磁盘是否有故障"
                ),
            )
        }
    };
    Finding::at(Location::whole(&problem.path), evidence, message, help)
}

/// What is to be done about a cache in which somebody made everything fit.
pub(super) fn recache() -> Text {
    Text::new(
        "trust nothing in this cache: `goward cache clean --cache --yes`, build again, and find out who can write to it",
        "不要再信任此缓存：`goward cache clean --cache --yes`，重新构建，并查明谁能写入",
    )
}

/// What is to be done about leftovers.
pub(super) fn harmless() -> Text {
    Text::new(
        "nothing: trimming leaves such things, and so does a build that is at work or was killed",
        "无需处理：go 的清理、正在进行或被终止的构建都会留下这些内容",
    )
}

/// The sentence in both languages, and what identifies the finding.
fn said(problem: &Problem) -> (String, String, String) {
    let say = |en: String, zh: String, evidence: String| (en, zh, evidence);
    match &problem.doubt {
        Doubt::Altered { found } => {
            let (found, size) = (short(found), size(problem));
            say(
                format!("altered: its {size} bytes hash to {found}…, not to its name; go looks at the size only and will use it"),
                format!("已被篡改：其 {size} 字节的哈希为 {found}…，与名称不符；go 只看大小，会使用它"),
                "altered".into(),
            )
        }
        Doubt::Content { expected, found } => say(
            format!("altered, and renamed to fit: its build ID was written for content {expected}, its content is {found}; go will use it"),
            format!("已被篡改并重新命名：构建 ID 对应内容 {expected}，实际内容为 {found}；go 会使用它"),
            "content".into(),
        ),
        Doubt::Swapped { action, found } => say(
            format!("swapped: this entry of action {} leads to an object that action {found} made; go will use it", action.short()),
            format!("被调换：动作 {} 的条目指向动作 {found} 产生的对象；go 会使用它", action.short()),
            "swapped".into(),
        ),
        Doubt::Resized { expected, found } => {
            let (en, zh) = match found {
                0 => ("emptied", "已被清空"),
                found if found < expected => ("truncated", "被截断"),
                _ => ("grown", "变大"),
            };
            say(
                format!("{en}: it has {found} bytes, the index says {expected}; go sees that and builds again"),
                format!("{zh}：现有 {found} 字节，索引记录 {expected} 字节；go 能发现并重新构建"),
                en.into(),
            )
        }
        Doubt::Folder { files } => say(
            format!("a program's folder with {files} files in it, not one; go does not run it"),
            format!("程序目录中有 {files} 个文件而非一个；go 不会运行它"),
            "folder".into(),
        ),
        Doubt::Entry(why) => say(
            format!("an index entry that go cannot read: {why}; go builds again"),
            format!("go 无法读取的索引条目：{why}；go 会重新构建"),
            "entry".into(),
        ),
        Doubt::EntryOf { named } => {
            let named = short(named);
            say(
                format!("an index entry of another action: it names {named}…; go builds again"),
                format!("属于另一动作的索引条目：其中为 {named}…；go 会重新构建"),
                "entry-of".into(),
            )
        }
        Doubt::EntrySize { expected, found } => say(
            format!("an index entry that says {expected} bytes of an object that has {found} and is intact; go builds again"),
            format!("索引条目记录 {expected} 字节，而完好的对象有 {found} 字节；go 会重新构建"),
            "entry-size".into(),
        ),
        Doubt::Unfinished => say(
            "its bytes do not fit its name, and no index entry leads to it: half written, or left behind".into(),
            "内容与名称不符，且没有索引条目指向它：写了一半或遗留下来".into(),
            "unfinished".into(),
        ),
        Doubt::Missing { output } => {
            let output = short(output);
            say(
                format!("its output {output}… is not there; go builds again"),
                format!("其输出 {output}… 不存在；go 会重新构建"),
                "missing".into(),
            )
        }
    }
}

fn size(problem: &Problem) -> u64 {
    problem.object.as_ref().map_or(0, |object| object.size)
}

fn short(id: &gocache::Id) -> String {
    id.to_string().chars().take(SHORT).collect()
}

/// The package, toolchain and action, as far as they are known.
fn whose(problem: &Problem) -> (String, String) {
    let origin = problem.origin.as_ref();
    let package = origin.and_then(|origin| origin.package.clone());
    let module = origin.and_then(gocache::Origin::module);
    let archive = problem.object.as_ref().and_then(|object| object.archive.as_ref());
    let (mut en, mut zh) = (String::new(), String::new());
    if let Some(package) = package {
        let of = module.map(|module| format!(" ({module})")).unwrap_or_default();
        en += &format!("; package {package}{of}");
        zh += &format!("；包 {package}{of}");
    }
    if let Some(archive) = archive {
        let built = format!("{} {}/{}", archive.version, archive.goos, archive.goarch);
        en += &format!("; built by {built}");
        zh += &format!("；由 {built} 构建");
    }
    if let Some(action) = problem.actions.first() {
        let action = short(action);
        en += &format!("; action {action}…");
        zh += &format!("；动作 {action}…");
    }
    (printable(&en), printable(&zh))
}

/// Why something could not be checked.
pub(super) fn unchecked(unchecked: &Unchecked) -> Text {
    let path = printable(&unchecked.path);
    let (en, zh) = match &unchecked.why {
        WhyUnchecked::Stray(WhyStray::Link) => (
            "a symbolic link, which go follows and goward does not".into(),
            "是符号链接，go 会跟随而 goward 不会".into(),
        ),
        WhyUnchecked::Stray(WhyStray::Unreadable) => ("cannot be read".into(), "无法读取".into()),
        WhyUnchecked::Stray(_) => {
            ("neither file nor program's folder".into(), "既非文件也非程序目录".into())
        }
        WhyUnchecked::Unreadable(why) => (why.clone(), why.clone()),
        WhyUnchecked::TooLarge(size) => {
            (format!("{size} bytes, which no build writes"), format!("{size} 字节，构建不会写出"))
        }
    };
    Text::new(format!("{path}: {en}"), format!("{path}：{zh}"))
}

/// How much was looked at, and what is beyond any look at the cache alone.
pub(super) fn coverage(it: &Coverage) -> Text {
    let size = human(it.bytes);
    Text::new(
        format!(
            "{} objects ({size}) and {} index entries read; {} packages held against their action and content, {} programs \
             against their action; {} module indexes, {} other objects and {} empty ones by their name alone; {} objects no \
             entry leads to; {} not checked\n\
             who can write here can also recompute names, build IDs and entries: only a build in a fresh cache settles that (--rebuild)",
            it.objects,
            it.entries,
            it.packages,
            it.programs,
            it.module_indexes,
            it.by_name,
            it.empty,
            it.unreferenced,
            it.unchecked
        ),
        format!(
            "已读取 {} 个对象（{size}）与 {} 个索引条目；{} 个包核对了动作与内容，{} 个程序核对了动作；{} 个模块索引、{} 个其他对象与 {} 个空对象\
             仅核对名称；{} 个对象没有条目指向；{} 项未检查\n\
             能写入此目录者也能重算名称、构建 ID 与条目：只有在全新缓存中重新构建才能定论（--rebuild）",
            it.objects,
            it.entries,
            it.packages,
            it.programs,
            it.module_indexes,
            it.by_name,
            it.empty,
            it.unreferenced,
            it.unchecked
        ),
    )
}
