//! Module versions, downloads, verification: a proxy and a checksum database on loopback.

use crate::scenario::{Fault, Module, Proxy, Scenario, Stage::Resolve, Sumdb};

/// The proxy misbehaves while a dependency is fetched.
const fn proxy(
    id: &'static str,
    does: (&'static str, &'static str),
    expected: &'static [&'static str],
    how: Proxy,
) -> Scenario {
    Scenario::new(id, Resolve, does, expected, Fault::Proxy(how)).with(Module::Dependency)
}

/// The checksum database misbehaves while a dependency is added.
const fn sumdb(
    id: &'static str,
    does: (&'static str, &'static str),
    expected: &'static [&'static str],
    how: Sumdb,
) -> Scenario {
    Scenario::new(id, Resolve, does, expected, Fault::Sumdb(how))
        .of(Module::Unsummed)
        .args(&["build", "-mod=mod", "-o", "OUT", "."])
}

pub(super) static SCENARIOS: &[Scenario] = &[
    proxy(
        "resolve-404",
        ("the proxy does not know the module", "代理没有该模块"),
        &["network.not-found"],
        Proxy::Status(404),
    ),
    proxy(
        "resolve-410",
        ("the proxy says that the module is gone", "代理称该模块已移除"),
        &["network.not-found"],
        Proxy::Status(410),
    ),
    proxy(
        "resolve-401",
        ("the proxy wants credentials", "代理要求凭据"),
        &["network.auth"],
        Proxy::Status(401),
    ),
    proxy(
        "resolve-403",
        ("the proxy denies access", "代理拒绝访问"),
        &["network.auth"],
        Proxy::Status(403),
    ),
    proxy(
        "resolve-429",
        ("the proxy is asked too often", "代理请求过于频繁"),
        &["network.proxy-error"],
        Proxy::Status(429),
    ),
    proxy(
        "resolve-500",
        ("the proxy has an internal error", "代理内部错误"),
        &["network.proxy-error"],
        Proxy::Status(500),
    ),
    proxy(
        "resolve-slow",
        ("the proxy sends a byte every 100 ms", "代理每 100 ms 发送一个字节"),
        &["resource.timeout", "network.timeout"],
        Proxy::Drip,
    )
    .deadline(4),
    proxy(
        "resolve-stalled",
        ("the proxy reads the request and never answers", "代理收到请求后从不应答"),
        &["resource.timeout", "network.timeout"],
        Proxy::Stall,
    )
    .deadline(4),
    proxy(
        "resolve-handshake",
        ("the proxy never answers the TLS handshake", "代理从不应答 TLS 握手"),
        // In a large build the deadline may come first.
        &["network.timeout", "resource.timeout"],
        Proxy::StalledHandshake,
    ),
    proxy(
        "resolve-reset",
        ("the proxy resets the connection in the middle of its answer", "代理在应答中途重置连接"),
        &["network.connection"],
        Proxy::Reset,
    ),
    Scenario::new(
        "resolve-refused",
        Resolve,
        ("nobody listens where GOPROXY points", "GOPROXY 指向的端口无人监听"),
        &["network.connection"],
        Fault::Refused,
    )
    .with(Module::Dependency),
    Scenario::new(
        "resolve-dns",
        Resolve,
        ("GOPROXY names a host that does not exist", "GOPROXY 的主机名不存在"),
        &["network.dns"],
        Fault::NoSuchHost,
    )
    .with(Module::Dependency),
    proxy(
        "resolve-self-signed",
        ("the proxy's certificate is signed by itself", "代理使用自签名证书"),
        &["network.tls"],
        Proxy::SelfSigned,
    ),
    proxy(
        "resolve-no-tls",
        ("the proxy answers the TLS handshake with something else", "代理以其他内容应答 TLS 握手"),
        &["network.tls"],
        Proxy::NoTls,
    ),
    proxy(
        "resolve-other-zip",
        ("the proxy sends another module's zip", "代理发送了另一个模块的 zip"),
        &["network.proxy-error", "integrity.checksum-mismatch"],
        Proxy::OtherZip,
    ),
    proxy(
        "resolve-corrupt-zip",
        (
            "the proxy sends a zip that is none; go says the same of a damaged module cache",
            "代理发送的不是 zip;对损坏的模块缓存 go 说法相同",
        ),
        &["network.proxy-error", "cache.corrupt"],
        Proxy::CorruptZip,
    ),
    proxy(
        "resolve-tampered-mod",
        ("the proxy sends another go.mod than go.sum knows", "代理发送的 go.mod 与 go.sum 不符"),
        &["integrity.checksum-mismatch"],
        Proxy::TamperedMod,
    ),
    proxy(
        "resolve-tampered-zip",
        ("the proxy sends other code than go.sum knows", "代理发送的代码与 go.sum 不符"),
        &["integrity.checksum-mismatch"],
        Proxy::TamperedZip,
    )
    .of(Module::Dependency),
    sumdb(
        "resolve-sumdb-mismatch",
        ("the checksum database has another sum of the module", "校验和数据库的记录与模块不符"),
        &["integrity.sumdb-mismatch"],
        Sumdb::OtherSum,
    ),
    sumdb(
        "resolve-sumdb-missing",
        ("the checksum database does not know the module", "校验和数据库没有该模块"),
        &["integrity.sumdb-missing"],
        Sumdb::Missing,
    ),
    sumdb(
        "resolve-sumdb-forged",
        ("the checksum database is signed by another key", "校验和数据库由另一把密钥签名"),
        &["integrity.sumdb-mismatch"],
        Sumdb::Forged,
    ),
];
