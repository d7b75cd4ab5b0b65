//! The network between the build and its modules.

use super::{Cause, Owner, PLATFORM, PLATFORM_MAYBE, PLATFORM_RETRY, Retry, Tier, cause};

pub(super) static CAUSES: &[Cause] = &[
    cause(
        "network.dns",
        PLATFORM_RETRY,
        ("a host name does not resolve", "主机名无法解析"),
        (
            "The resolver did not answer, or the name is only known inside another network.",
            "解析器没有应答,或该名字只在别的网络里可见。",
        ),
        (
            "Retry; if it stays, check the runner's DNS and the name in GOPROXY.",
            "重试;若仍失败,检查运行器的 DNS 和 GOPROXY 里的主机名。",
        ),
        "getent hosts proxy.golang.org",
    ),
    cause(
        "network.connection",
        PLATFORM_RETRY,
        ("the connection was refused, reset or has no route", "连接被拒绝、重置或不可达"),
        (
            "The proxy or host is down, a firewall is in the way, or the connection broke.",
            "代理或主机宕机、被防火墙阻挡,或连接中断。",
        ),
        (
            "Retry; if it stays, check the proxy and the firewall.",
            "重试;若仍失败,检查代理和防火墙。",
        ),
        "curl -sSI \"$(go env GOPROXY | cut -d, -f1)\"",
    ),
    cause(
        "network.timeout",
        PLATFORM_RETRY,
        ("proxy, host or checksum database did not answer in time", "代理、主机或校验和数据库超时"),
        ("The other side is slow, or packets are dropped on the way.", "对方过慢,或中途丢包。"),
        (
            "Retry; a module proxy nearby or a warm module cache makes builds independent of it.",
            "重试;使用就近的模块代理或预热的模块缓存可避免依赖它。",
        ),
        "go mod download",
    ),
    cause(
        "network.tls",
        PLATFORM_MAYBE,
        ("the certificate or the TLS handshake is refused", "证书或 TLS 握手失败"),
        (
            "The image lacks CA certificates, a proxy intercepts TLS, or the certificate ran out.",
            "镜像缺少 CA 证书、代理拦截 TLS,或证书过期。",
        ),
        (
            "Install ca-certificates, or the organisation's CA, in the build image.",
            "在构建镜像中安装 ca-certificates 或组织的 CA。",
        ),
        "apt-get install -y ca-certificates",
    ),
    cause(
        "network.proxy-error",
        PLATFORM_RETRY,
        ("the module proxy answers with an error or garbage", "模块代理返回错误或无效内容"),
        (
            "It is overloaded, limits the rate, or a login page answers in its place.",
            "代理过载、限流,或由登录页代为应答。",
        ),
        (
            "Retry; a fallback in GOPROXY separated by | covers such errors too.",
            "重试;GOPROXY 里以 | 分隔的后备也能应对这类错误。",
        ),
        "go env -w 'GOPROXY=https://proxy.example.com|https://proxy.golang.org|direct'",
    ),
    cause(
        "network.not-found",
        (Owner::Dependency, Retry::Maybe, Tier::P1),
        ("proxy or host says that the module does not exist", "代理或主机称模块不存在"),
        (
            "It was deleted or made private, is asked of the wrong proxy, or was published a moment ago.",
            "模块被删除或转为私有、问错了代理,或刚刚发布。",
        ),
        (
            "Check the path; name private modules in GOPRIVATE so that they are fetched directly.",
            "检查路径;私有模块写进 GOPRIVATE,以便直接获取。",
        ),
        "go env -w GOPRIVATE=git.example.com",
    ),
    cause(
        "network.auth",
        PLATFORM,
        ("credentials are missing or refused", "凭据缺失或被拒绝"),
        (
            "git cannot ask for a password in CI; the token ran out, or has no access to the repository.",
            "CI 中 git 无法询问密码;令牌过期,或无权访问该仓库。",
        ),
        (
            "Give the job a token with read access, for git (insteadOf) or in .netrc.",
            "为任务提供有读权限的令牌,配置 git insteadOf 或 .netrc。",
        ),
        "git config --global url.\"https://x-token:${TOKEN}@git.example.com/\".insteadOf https://git.example.com/",
    ),
    cause(
        "network.disabled",
        PLATFORM,
        ("settings forbid looking the module up", "配置禁止查询该模块"),
        (
            "GOPROXY=off, GOVCS or -mod=vendor is set, and the module is not there already.",
            "设置了 GOPROXY=off、GOVCS 或 -mod=vendor,而本地没有该模块。",
        ),
        (
            "Fill the module cache or vendor before, or allow the look-up.",
            "事先填充模块缓存或 vendor,或允许查询。",
        ),
        "go env GOPROXY GOFLAGS GOVCS",
    ),
];
