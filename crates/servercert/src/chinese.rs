//! Problems in Chinese.

use crate::cert::printable_text;
use crate::detail::{Break, Detail, Fault, FileKind, Refusal, Weakness};
use crate::english::some;
use crate::pem::Damage;
use crate::time::rfc3339 as time;

fn list<T: AsRef<str>>(items: &[T]) -> String {
    some(items, |hidden| format!(" 等另外 {hidden} 个"))
}

impl FileKind {
    /// The name of the file in Chinese.
    #[must_use]
    pub const fn zh(self) -> &'static str {
        match self {
            Self::Certificate => "证书文件",
            Self::Key => "私钥文件",
            Self::Ca => "CA 文件",
        }
    }
}

impl Detail {
    /// The detail in Chinese.
    #[must_use]
    pub fn zh(&self) -> String {
        match self {
            Self::Parse { file, fault } => format!("{}：{}", file.zh(), fault.zh()),
            Self::Expired { not_after, days_ago } => {
                format!("已于 {} 过期（{days_ago} 天前）", time(*not_after))
            }
            Self::NotYetValid { not_before, in_days } => {
                format!("尚未生效，{} 起有效（{in_days} 天后）", time(*not_before))
            }
            Self::ExpiresSoon { not_after, days_left, min_days } => {
                format!(
                    "将于 {} 过期，剩余 {days_left} 天，要求至少 {min_days} 天",
                    time(*not_after)
                )
            }
            Self::KeyMismatch { certificate, private } => {
                format!("私钥（{private}）与证书（{certificate}）不匹配")
            }
            Self::KeyPerm { mode } => {
                format!("私钥文件对所有用户开放（权限 {:04o}）", mode & 0o7777)
            }
            Self::LeafNotFirst { number } => {
                format!("服务器证书位于文件中第 {number} 个，必须排在第一个")
            }
            Self::NotTheIssuer { wanted } => format!("不是前一个证书的签发者，此处应为 {wanted}"),
            Self::NotTheSigner { number } => {
                format!("与第 {number} 个证书的签发者同名，但并未签署该证书")
            }
            Self::Duplicate { of } => format!("与第 {of} 个证书重复"),
            Self::ChainInvalid(broken) => broken.zh(),
            Self::NameMismatch { hosts, names } => {
                format!("未覆盖 {}；证书仅适用于 {}", list(hosts), list(names))
            }
            Self::NoSan { subject } => {
                format!("没有主机名或地址的主题备用名称（SAN）；通用名称（{subject}）不起作用")
            }
            Self::WeakKey(weakness) => weakness.zh(),
            Self::WeakSig { algorithm } => format!("使用了不安全的签名算法 {algorithm}"),
            Self::NotForServers { listed } => {
                format!("扩展密钥用法缺少 serverAuth（现有：{}）", list(listed))
            }
            Self::KeyUsage => {
                "密钥用法不含 digitalSignature、keyEncipherment 或 keyAgreement，TLS 无法使用该密钥"
                    .to_owned()
            }
        }
    }
}

impl Fault {
    /// The fault in Chinese.
    #[must_use]
    pub fn zh(&self) -> String {
        match self {
            Self::Empty => "文件为空".to_owned(),
            Self::TooLarge { bytes } => format!("共 {bytes} 字节，超过上限 {}", crate::MAX_BYTES),
            Self::TooMany { certificates, limit } => {
                format!("共 {certificates} 个证书，超过上限 {limit}")
            }
            Self::Utf16 => "是 UTF-16 文本；PEM 必须为 ASCII".to_owned(),
            Self::Der => "是 DER 格式，Go 只读取 PEM（可用 openssl x509 或 pkey -inform der 转换）"
                .to_owned(),
            Self::NoPem => "没有 PEM 块".to_owned(),
            Self::WrongBlocks { found } => match found.first().map(String::as_str) {
                Some(first) if first.ends_with("PRIVATE KEY") => {
                    format!("内容是私钥（{}）；证书与私钥是否放反了？", list(found))
                }
                Some("CERTIFICATE") => "内容是证书；证书与私钥是否放反了？".to_owned(),
                Some(first) if first.ends_with("CERTIFICATE REQUEST") => {
                    "内容是证书签名请求，尚未由 CA 签发".to_owned()
                }
                Some(first) if first.ends_with("PUBLIC KEY") => "只有公钥".to_owned(),
                _ => format!("只有 {}", list(found)),
            },
            Self::Damaged { label, damage } => {
                format!("{} 块：{}", printable_text(label), damage.zh())
            }
            Self::PassedOver { label } => {
                format!("Go 会跳过 {} 块；标签必须是 CERTIFICATE 且不带头部", printable_text(label))
            }
            Self::Refused(refusal) => refusal.zh(),
            Self::KeyEncrypted => {
                "私钥已加密；Go 只读取未加密的私钥（可用 openssl pkey 解密）".to_owned()
            }
            Self::KeyOpenSsh => "私钥是 OpenSSH 格式，TLS 不使用".to_owned(),
            Self::KeyMalformed => "私钥无法读取，或其数值互相矛盾".to_owned(),
            Self::KeyUnusable { kind } => format!("{kind} 类型的私钥不能用于 TLS 签名"),
        }
    }
}

impl Damage {
    /// The damage in Chinese.
    #[must_use]
    pub const fn zh(self) -> &'static str {
        match self {
            Self::NoEnd => "缺少 END 行，文件可能被截断",
            Self::OtherEnd => "END 行的类型不同",
            Self::BeginLine => "BEGIN 行没有以五个短横线结尾",
            Self::NotBase64 => "内容不是 base64",
            Self::Indented => "BEGIN 行有缩进，Go 看不到它",
            Self::ByteOrderMark => "BEGIN 之前有字节顺序标记（BOM），Go 看不到它",
            Self::EscapedNewlines => "换行被写成了 \\n",
        }
    }
}

impl Refusal {
    /// The refusal in Chinese.
    #[must_use]
    pub fn zh(&self) -> String {
        match self {
            Self::NotACertificate => "不是 X.509 证书".to_owned(),
            Self::TrailingData => "证书之后有多余字节".to_owned(),
            Self::Version => "X.509 版本高于 3".to_owned(),
            Self::NegativeSerial => "序列号为负数，Go 1.23 起拒绝".to_owned(),
            Self::AlgorithmsDiffer => "内外两处的签名算法不一致".to_owned(),
            Self::DuplicateExtension { id } => format!("扩展 {id} 出现两次"),
            Self::Extension { name } => format!("扩展 {name} 格式错误"),
            Self::PublicKey => "公钥格式错误".to_owned(),
            Self::ExplicitCurve => "椭圆曲线写成了显式参数而不是名称".to_owned(),
            Self::CompressedPoint => "公钥是压缩格式，Go 不支持".to_owned(),
        }
    }
}

impl Weakness {
    /// The weakness in Chinese.
    #[must_use]
    pub fn zh(&self) -> String {
        match self {
            Self::RsaShort { bits } => format!("RSA 密钥只有 {bits} 位，至少需要 2048 位"),
            Self::RsaLong { bits } => {
                format!("RSA 密钥有 {bits} 位，Go 的 TLS 客户端拒绝超过 8192 位的密钥")
            }
            Self::RsaPssOnly => "RSA 密钥仅限 PSS，Go 的 TLS 不支持".to_owned(),
            Self::Curve { name } => {
                format!("椭圆曲线为 {name}，Go 的 TLS 只支持 P-256、P-384 和 P-521")
            }
            Self::Kind { name } => format!("密钥类型为 {name}，必须是 RSA、ECDSA 或 Ed25519"),
        }
    }
}

impl Break {
    /// The break in Chinese.
    #[must_use]
    pub fn zh(&self) -> String {
        match self {
            Self::IssuerMissing { issuer } => {
                format!("证书文件和 CA 文件中都没有其签发者 {issuer}")
            }
            Self::SelfSigned => "是自签名证书，且不在 CA 文件中".to_owned(),
            Self::WrongKey { issuer } => format!("并非由所给的 {issuer} 的密钥签署，二者只是同名"),
            Self::Unverifiable { issuer, signature, key } => {
                format!("由 {issuer}（{key}）作出的签名（{signature}）是 Go 无法验证的类型")
            }
            Self::NotCa { issuer } => format!("其签发者 {issuer} 不是 CA 证书"),
            Self::MayNotSign { issuer } => format!("其签发者 {issuer} 的密钥用法不允许签发证书"),
            Self::PathTooLong { issuer, allowed, found } => {
                format!("{issuer} 之下最多允许 {allowed} 个中间证书，实际有 {found} 个")
            }
            Self::CaNotInDate { issuer, not_before, not_after } => {
                format!("CA {issuer} 仅在 {} 至 {} 之间有效", time(*not_before), time(*not_after))
            }
            Self::UnknownCritical { subject, id } => {
                format!("{subject} 含有 Go 不认识的关键扩展 {id}")
            }
            Self::CaNotForServers { issuer, listed } => {
                format!("CA {issuer} 不能为服务器签发证书（扩展密钥用法：{}）", list(listed))
            }
            Self::NameForbidden { issuer, name } => {
                format!("{issuer} 的名称约束禁止 {}", printable_text(name))
            }
            Self::TooManySignatures => "在 Go 允许的签名验证次数内没有找到证书链".to_owned(),
        }
    }
}
