//! Words for what was done to a program after Go linked it.

use goartifact::{Added, AfterLink, Change, WhyUnknown};
use goward_model::Text;

/// One line.
pub(super) fn text(after: &AfterLink) -> Text {
    match after {
        AfterLink::Intact => {
            Text::new("as Go linked it, to the last byte", "与 Go 链接时完全一致,逐字节未改动")
        }
        AfterLink::Added { what } => {
            let all = joined(what.iter().map(|it| added(*it)));
            Text::new(
                format!("as Go linked it, and added to it: {}", all.en),
                format!("与 Go 链接时一致,另附加了:{}", all.zh),
            )
        }
        AfterLink::Changed { signs } if signs.is_empty() => Text::new(
            "changed after the link; nothing in it tells by what: bytes patched in place, or a tool that leaves no trace",
            "链接之后被改动;文件中没有线索说明由何而来:就地改写字节,或不留痕迹的工具",
        ),
        AfterLink::Changed { signs } if signs == &[Change::InPlace] => {
            let how = change(Change::InPlace);
            Text::new(
                format!("changed after the link, {}", how.en),
                format!("链接之后被{}", how.zh),
            )
        }
        AfterLink::Changed { signs } => {
            let all = joined(signs.iter().map(|it| change(*it)));
            Text::new(
                format!("changed after the link: {}", all.en),
                format!("链接之后被改动:{}", all.zh),
            )
        }
        AfterLink::Unknown { why } => Text::new(
            format!("whether it was changed after the link is not known: {}", why.as_str()),
            format!("链接之后是否被改动无法得知:{}", why_zh(*why)),
        ),
    }
}

fn joined(parts: impl Iterator<Item = Text>) -> Text {
    let (en, zh): (Vec<String>, Vec<String>) = parts.map(|it| (it.en, it.zh)).unzip();
    Text::new(en.join("; "), zh.join(";"))
}

fn added(what: Added) -> Text {
    let zh = match what {
        Added::Signature => "签名(Authenticode)".to_owned(),
        Added::Bytes { count } => format!("尾部 {count} 字节"),
    };
    Text::new(what.text(), zh)
}

fn change(sign: Change) -> Text {
    let zh = match sign {
        Change::DebugLink => "添加了指向调试文件的链接(objcopy --add-gnu-debuglink)",
        Change::Stripped => "符号表被去除(strip)",
        Change::DebugRemoved => "调试信息被去除(strip -g)",
        Change::WrittenAnew => "文件被重新写出(strip、objcopy、patchelf)",
        Change::SignedAnew => "被重新签名(codesign)",
        Change::Appended => "尾部附加了字节",
        Change::InPlace => "就地改动:没有增减字节,因此不是 strip、objcopy 或签名所为",
    };
    Text::new(sign.as_str(), zh)
}

fn why_zh(why: WhyUnknown) -> &'static str {
    match why {
        WhyUnknown::NoBuildId => "没有构建 ID",
        WhyUnknown::OtherBuildId => "构建 ID 不是 go 命令所写",
        WhyUnknown::Signed => "签名覆盖了其链接器写入的校验和,而散列包含它",
        WhyUnknown::TooLarge => "文件过大",
        WhyUnknown::Unreadable => "无法读到末尾",
    }
}
