//! Reasons of the library in Chinese. What only other libraries say (a parser's complaint) stays as it is.

/// English, Chinese; `#` stands for a number.
const WORDS: &[[&str; 2]] = &[
    ["build info", "构建信息"],
    ["pclntab", "函数表"],
    ["package hashes", "包哈希"],
    ["symbol versions", "符号版本"],
    ["debug directory", "调试目录"],
    ["exports", "导出表"],
    ["the function table is cut off", "函数表被截断"],
    ["the function table has no header", "函数表没有头部"],
    ["the function table of a Go before 1.18", "属于 Go 1.18 之前的函数表"],
    ["the function table begins with a mark that no Go writes", "函数表开头的标记不是任何 Go 所写"],
    ["there is no code", "没有代码"],
    [
        "gccgo built it, whose programs have neither function table nor build info",
        "由 gccgo 构建,其程序既没有函数表也没有构建信息",
    ],
    ["build info of a Go before 1.18", "属于 Go 1.18 之前的构建信息"],
    ["build info is cut off", "构建信息被截断"],
    ["build info replaces nothing", "构建信息中的替换没有对象"],
    ["a build setting cannot be read", "有一项构建设置无法读取"],
    ["its line programs overlap", "其行程序相互重叠"],
    ["too many abbreviations", "缩写过多"],
    ["it was changed while it was read", "读取时被更改"],
    ["the table of symbol versions is cut off", "符号版本表被截断"],
    ["it holds nothing", "其中没有内容"],
    [
        "the folder holds no debug file of this program under a name that debuggers look for",
        "该目录中没有此程序的调试文件(按调试器查找的名称)",
    ],
    ["not a regular file", "不是普通文件"],
    ["no such file or directory", "没有此文件或目录"],
    ["permission denied", "权限不足"],
    ["it is empty", "为空"],
    ["it is no PDB, or is cut off", "不是 PDB,或被截断"],
    ["it is no PDB: the first bytes are others", "不是 PDB:开头的字节不符"],
    ["a portable PDB of .NET", "是 .NET 的可移植 PDB"],
    [
        "a PDB of the format 2.00, which no linker has written since 2002",
        "是 2.00 格式的 PDB,2002 年以来没有链接器写出此格式",
    ],
    ["the directory of streams is cut off", "流目录被截断"],
    ["a block belongs to two streams", "有一块同属两个流"],
    ["a stream lies outside of the file", "有一个流超出文件"],
    ["the info stream is cut off", "info 流被截断"],
    ["its streams claim more than the file holds", "其各流声称的大小超过文件"],
    ["the DBI stream is cut off", "DBI 流被截断"],
    ["the DBI stream has no header", "DBI 流没有头部"],
    ["the names of streams cannot be read", "流的名称无法读取"],
    ["the public symbols cannot be read", "公共符号无法读取"],
    ["what came from which object file cannot be read", "无法读取各部分来自哪个目标文件"],
    ["the list of object files is damaged", "目标文件列表已损坏"],
    ["of # object files with symbols, # cannot be read", "# 个带符号的目标文件中,# 个无法读取"],
    ["it is cut off: # bytes of # are there", "被截断:# 字节,应有 # 字节"],
    ["more than # sections", "节超过 # 个"],
    ["more than # packages", "包超过 # 个"],
    [
        "a part of it claims # bytes, and of a file that takes so little of the disk at most # are read",
        "其中一部分声称有 # 字节,而对占用磁盘如此之少的文件最多读取 # 字节",
    ],
];

/// The reason in Chinese, as far as it is one of ours.
pub(super) fn reason(text: &str) -> String {
    if let Some(zh) = one(text) {
        return zh;
    }
    match text.split_once(": ") {
        Some((what, why)) => {
            let what = one(what).unwrap_or_else(|| what.to_owned());
            format!("{what}:{}", reason(why))
        }
        None => text.to_owned(),
    }
}

/// A whole reason, its numbers put where the Chinese one has them.
fn one(text: &str) -> Option<String> {
    let (pattern, numbers) = pattern(text);
    let [_, zh] = WORDS.iter().find(|[en, _]| *en == text || *en == pattern)?;
    let mut numbers = numbers.into_iter();
    let put = |c: char| match c {
        '#' => numbers.next().unwrap_or_default(),
        c => c.to_string(),
    };
    Some(zh.chars().map(put).collect())
}

/// The text with `#` for its numbers, and the numbers.
fn pattern(text: &str) -> (String, Vec<String>) {
    let (mut pattern, mut numbers) = (String::new(), vec![]);
    for word in text.split_inclusive(' ') {
        let digits = word.trim_end();
        if digits.parse::<u64>().is_ok() {
            numbers.push(digits.to_owned());
            pattern += &word.replace(digits, "#");
        } else {
            pattern += word;
        }
    }
    (pattern, numbers)
}

/// What the tables of sizes group by, in Chinese; names of modules and packages stay.
pub(super) fn group(name: &str) -> &str {
    match name {
        "code" => "代码",
        "pclntab" => "函数表",
        "data" => "数据",
        "embedded" => "嵌入文件",
        "debug" => "调试信息",
        "other" => "其他",
        "(C)" => "(C 代码)",
        "(assembly)" => "(汇编)",
        "(data without names)" => "(无名数据)",
        "(debug information)" => "(调试信息)",
        "(embedded files)" => "(嵌入文件)",
        "(function table)" => "(函数表)",
        "(headers and tables)" => "(头部与各表)",
        "(shared tables)" => "(共用的表)",
        "(strings)" => "(字符串)",
        "(types)" => "(类型)",
        name => name,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn our_words_are_translated_and_numbers_kept() {
        assert_eq!(reason("pclntab: the function table is cut off"), "函数表:函数表被截断");
        assert_eq!(reason("it is cut off: 5 bytes of 9 are there"), "被截断:5 字节,应有 9 字节");
        assert_eq!(reason("DWARF: unknown form 0x99"), "DWARF:unknown form 0x99");
    }

    /// Whatever the library says of its own reaches a person in Chinese.
    #[test]
    fn every_reason_of_the_library_is_known() {
        let sources = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../goartifact/src");
        let files = [
            "pclntab.rs",
            "build_info.rs",
            "links.rs",
            "debug_info.rs",
            "pdb/mod.rs",
            "pdb/msf.rs",
        ];
        for file in files {
            #[expect(clippy::disallowed_methods, reason = "a test reads sources")]
            let text = std::fs::read_to_string(sources.join(file)).unwrap();
            for (at, _) in text.match_indices("malformed(\"") {
                let said = text[at + 11..].split('"').next().unwrap();
                assert!(one(said).is_some(), "{file}: {said}");
            }
        }
    }
}
