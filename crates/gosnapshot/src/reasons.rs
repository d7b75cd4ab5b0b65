//! Why something could not be recorded: a document has the English words; a reader may want the Chinese ones.

/// English, Chinese. What stands behind them (a path, what a program said) stays as it is.
const REASONS: &[[&str; 2]] = &[
    ["a program has only the version of its toolchain", "程序只含其工具链的版本号"],
    ["a program does not tell its C compiler", "程序不记录其 C 编译器"],
    ["a core file has only the version of the toolchain", "core 文件只含工具链的版本号"],
    ["it is not linked yet", "尚未链接"],
    [
        "it is not compiled; --compile does it, or name its program with --binary",
        "尚未编译;使用 --compile,或用 --binary 指明其程序",
    ],
    ["only those that packages come from are recorded", "只记录了包所属的模块"],
    ["which modules packages come from", "包属于哪些模块"],
    [
        "its programs have several defaults; name one with --package",
        "其各程序的默认值不同;用 --package 指明一个",
    ],
    ["the packages could not be listed", "无法列出包"],
    [
        "no build info: it is no Go program, or it is packed, or was stripped of it",
        "没有构建信息:不是 Go 程序,或已加壳,或被去除",
    ],
    [
        "read-only memory is not dumped, and the program is not there any more, or is another build",
        "只读内存不会转储,而程序已不在原处或已是另一构建",
    ],
    [
        "read-only memory is not dumped, and the program is not named",
        "只读内存不会转储,且未指明程序",
    ],
    ["the file is cut off: memory that it names is not in it", "文件被截断:其列出的内存不在其中"],
    ["it has no list of mapped files (NT_FILE)", "没有映射文件列表(NT_FILE)"],
    ["no build info is in the memory that was dumped", "转储的内存中没有构建信息"],
    [
        "the program's first page was not dumped, so its build ID is not there",
        "程序的首页未被转储,因此没有构建 ID",
    ],
    ["of the universal file only one program was looked at", "通用文件中只查看了一个程序"],
    ["the standard library", "标准库"],
    ["its variables", "其环境变量"],
];

/// What differs, where it is a word of ours: English, Chinese.
const WORDS: &[[&str; 2]] = &[
    ["as linked", "与链接时一致"],
    ["changed after the link", "链接之后被改动"],
    ["not known", "未知"],
    ["no -trimpath", "未使用 -trimpath"],
    ["no glibc", "不需要 glibc"],
    ["a plugin loader", "有插件加载器"],
    ["no plugin loader", "没有插件加载器"],
    ["main package", "main 包"],
    ["main.main", "main.main 所在文件"],
    ["module folder", "模块目录"],
    ["build ID", "构建 ID"],
    ["standard library", "标准库"],
    ["kernel", "内核"],
    ["loader", "加载器"],
    ["libc", "C 库"],
    ["file", "文件"],
];

/// A side's value, or what it is a value of, in Chinese where it is a word of ours; else as it is.
pub fn word_in_chinese(word: &str) -> &str {
    WORDS.iter().find(|[en, _]| *en == word).map_or(word, |[_, zh]| zh)
}

/// The reason in Chinese, as far as it is one of ours.
pub fn in_chinese(why: &str) -> String {
    let found = REASONS.iter().find_map(|[en, zh]| Some((zh, why.strip_prefix(en)?)));
    found.map_or_else(|| why.to_owned(), |(zh, rest)| format!("{zh}{rest}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn our_words_are_translated_and_those_of_others_kept() {
        assert_eq!(in_chinese("its variables: permission denied"), "其环境变量: permission denied");
        assert_eq!(in_chinese("go: no such module"), "go: no such module");
    }
}
