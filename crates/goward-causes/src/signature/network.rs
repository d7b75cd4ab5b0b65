//! Downloads: from resolving a name to what the other side answers.
//!
//! Anyone says "connection refused". What is the build's own is told by the words around it: the
//! go command's, a module proxy's address, git's.

use super::Signature;
use crate::Stage::Resolve;

/// The go command or git speaks, or something that is asked for modules; Ansible says `fatal: [host]: `.
macro_rules! ours {
    ($rest:literal) => {
        concat!(
            r#"(?:(?:^|[\s>|:"'`=(\]])go: |proxy\.golang\.org|sum\.golang\.org|goproxy|/@v/|/@latest|\?go-get=1|unrecognized import path|(?i:artifactory|athens|nexus)\S*/|verifying (?:module|go\.mod)|git (?:fetch|ls-remote|clone|init)|^\s*fatal: [^\[]|^\s*ssh: |server response:|curl \d+|^\s*error: RPC failed|fetch_repo: |^\S+\.go:\d+:\d+: (?:zip for )?\S+@v|^\s*\S+@v\S+: ).*(?:"#,
            $rest,
            ")"
        )
    };
}

pub(super) static SIGNATURES: &[Signature] = &[
    Signature::line(
        "lookups-disabled",
        "network.disabled",
        Resolve,
        &["disabled by goproxy=off", "govcs disallows", "import lookup disabled", "lookup disabled by", "use of network", "--network=none", "cannot query module"],
        r"disabled by GOPROXY=off|GOVCS disallows|module lookup disabled|import lookup disabled(?: by -mod=(?:mod|vendor)|$)",
    ),
    Signature::line(
        "auth-git",
        "network.auth",
        Resolve,
        &["terminal prompts disabled", "could not read username", "could not read password", "permission denied (publickey", "host key verification failed", "authentication failed", "invalid username or password", "invalid username or token", "support for password authentication was removed", "repository not found", "write access to repository not granted", "requested url returned error: 40", "http basic: access denied", "could not read from remote repository", "saml sso", "the project you were looking for could not be found", "you're not authorized", "you are not allowed to download code", "no supported authentication methods", "bad credentials"],
        r"terminal prompts disabled|could not read (?:Username|Password) for|Permission denied \(publickey|Host key verification failed|[Aa]uthentication failed for|[Ii]nvalid username or (?:password|token)|Support for password authentication was removed|(?:ERROR|remote): Repository not found|remote: Write access to repository not granted|requested URL returned error: 40[13]|HTTP Basic: Access denied|Could not read from remote repository|organization has enabled or enforced SAML SSO|project you were looking for could not be found|not allowed to download code|no supported authentication methods|fatal: repository '.*' not found",
    )
    .shared(),
    // A proxy that opens no tunnel is told by its answer's words alone (net/http/transport.go, CONNECT).
    Signature::line(
        "auth-http",
        "network.auth",
        Resolve,
        &["401 unauthorized", "403 forbidden", "407 proxy authentication", "access denied", ": forbidden", ": proxy authentication required"],
        r"(?:(?:^|[\s:])go: |/@v/|/@latest|reading https?://|Get \x22?https?://|server response|unexpected status \(https?|golang\.org|\.(?:info|mod|zip): ).*(?:401 Unauthorized|403 Forbidden|407 Proxy Authentication|ACCESS DENIED)|(?:/@v/|/@latest|/lookup/)[^\s\x22]*\x22?: (?:Forbidden|Proxy Authentication Required)\s*$",
    ),
    Signature::line(
        "dns",
        "network.dns",
        Resolve,
        &["no such host", "server misbehaving", "temporary failure in name resolution", "could not resolve host", "could not resolve hostname", "name or service not known", "nodename nor servname", "lookup "],
        ours!(r"no such host|lookup \S+(?: on \S+)?: (?:server misbehaving|.*i/o timeout|.*connection refused|Temporary failure in name resolution|.*network is unreachable|.*dial udp)|Temporary failure in name resolution|[Cc]ould not resolve (?:host|hostname)|Name or service not known|nodename nor servname"),
    )
    .shared(),
    Signature::line(
        "tls",
        "network.tls",
        Resolve,
        &["x509:", "tls:", "certificate", "ssl_", "ssl certificate", "ssl routines", "gnutls", "handshake", "http: server gave http response"],
        ours!(r"x509: |tls: (?:failed|handshake|first record|bad|unknown|internal|unrecognized|protocol|server|no )|remote error: tls|SSL certificate problem|server certificate verification failed|gnutls_handshake|SSL_connect|SSL_ERROR|unable to get local issuer|TLS handshake error|SSL routines|server gave HTTP response to HTTPS client"),
    )
    .shared(),
    Signature::line(
        "timeout",
        "network.timeout",
        Resolve,
        &["i/o timeout", "tls handshake timeout", "client.timeout", "context deadline exceeded", "connection timed out", "operation timed out", "timeout awaiting response", "timed out", "504 gateway", "net/http: timeout", "low speed limit", "timeout was reached", "operation too slow"],
        ours!(r"i/o timeout|TLS handshake timeout|Client\.Timeout|context deadline exceeded|[Cc]onnection timed out|[Oo]peration timed out|timeout awaiting|request canceled while waiting|504 Gateway|timed out after|Operation too slow|[Tt]imeout was reached"),
    )
    .shared(),
    Signature::line(
        "connection",
        "network.connection",
        Resolve,
        &["connection refused", "connection reset", "network is unreachable", "no route to host", "unexpected eof", "broken pipe", ": eof", "connection was reset", "early eof", "remote end hung up", "http2:", "stream error", "goaway", "host is down", "failed to connect", "couldn't connect", "transfer closed", "connection closed", "proxyconnect", "server closed", "rpc failed", "connect: cannot assign", "connection was forcibly closed", "curl 18", "curl 56", "curl 92", "use of closed network", "actively refused", "connect: permission denied", "connect: operation not permitted", "socket: operation not permitted"],
        ours!(r"connection refused|connection reset|network is unreachable|no route to host|unexpected EOF|broken pipe|: EOF\b|[Cc]onnection was reset|early EOF|remote end hung up|http2: |stream error|GOAWAY|host is down|[Ff]ailed to connect|[Cc]ouldn't connect|transfer closed|[Cc]onnection closed|proxyconnect|server closed|RPC failed|cannot assign requested|forcibly closed|closed network connection|actively refused|connect: (?:permission denied|operation not permitted)|socket: operation not permitted"),
    )
    .shared(),
    Signature::line(
        "proxy-error",
        "network.proxy-error",
        Resolve,
        &["500 internal", ": 500 ", ": 501 ", ": 502 ", ": 503 ", ": 504 ", "502 bad", "503 service", "429 too many", "invalid response from proxy", "invalid character '", "bad gateway", "requested url returned error: 5", "requested url returned error: 429", "unexpected status", "stopped after 10 redirects", "insecure url", "unexpected http status", "418 ", "520 ", "522 ", "internal server error", "no go-import meta tags", "parse https", "malformed response", "xml syntax error", "520", "status code 5", "service unavailable", "no secure protocol found", "expected element type", "unexpected content", "malformed http response", "has unexpected file", "malformed record data", "malformed file path"],
        ours!(r"50[0-4] [A-Z]|52\d |429 Too Many|invalid response from proxy|invalid character|Bad Gateway|returned error: (?:5\d\d|429)|stopped after 10 redirects|to insecure URL|unexpected (?:HTTP )?status(?: \([^)]*\))?:? (?:[1235]\d\d|4(?:0[05-9]|1[1-9]|2\d))|XML syntax error|Internal Server Error|Service Unavailable|malformed (?:HTTP )?response|status code 5\d\d|expected element type|malformed record data|has unexpected file|malformed file path"),
    )
    .shared(),
    Signature::line(
        "not-found",
        "network.not-found",
        Resolve,
        &["404 not found", "410 gone", "no go-import meta tags", "unrecognized import path", "reading http", "reading file://", "not found: ", "no secure protocol found", "remote: not found", ": not found"],
        r#"(?:(?:^|[\s:])go: |/@v/|/@latest|reading (?:https?|file)://|\.(?:info|mod|zip): |go-get=1).*(?:404 (?:Not Found|page)|410 Gone|\.(?:info|mod|zip): Not Found|parse .*no go-import meta tags|no go-import meta tags)|unrecognized import path|reading file://\S+: .*no such file|no secure protocol found|server response: not found"#,
    ),
    Signature::line(
        "not-found-git",
        "network.not-found",
        Resolve,
        &["requested url returned error: 404", "does not appear to be a git repository"],
        r"requested URL returned error: 404|does not appear to be a git repository",
    )
    .shared(),
    Signature::line(
        "private-repository",
        "network.auth",
        Resolve,
        &["if this is a private repository", "confirm the import path was entered"],
        r"^If this is a private repository, see|^Confirm the import path was entered correctly",
    )
    .weak(),
    Signature::line(
        "git-failed",
        "network.connection",
        Resolve,
        &["cache/vcs/", "git ls-remote", "git fetch"],
        r"{at}go: .*(?:cache/vcs/|git (?:ls-remote|fetch|clone)).*: exit status \d+",
    )
    .shared()
    .weak(),
    Signature::line(
        "network-any",
        "network.connection",
        Resolve,
        &["connection refused", "connection reset by peer", "network is unreachable", "no route to host"],
        r"dial tcp\S* .*(?:connection refused|network is unreachable|no route to host)|(?:read|write) tcp .*connection reset",
    )
    .shared()
    .weak(),
    Signature::line(
        "dns-any",
        "network.dns",
        Resolve,
        &["no such host", "temporary failure in name resolution", "could not resolve host"],
        r"lookup \S+.*no such host|Temporary failure in name resolution|Could not resolve host",
    )
    .shared()
    .weak(),
    Signature::line(
        "tls-any",
        "network.tls",
        Resolve,
        &["x509: certificate", "ssl certificate problem"],
        r"x509: certificate|SSL certificate problem",
    )
    .shared()
    .weak(),
    Signature::line(
        "timeout-any",
        "network.timeout",
        Resolve,
        &["i/o timeout", "tls handshake timeout", "client.timeout exceeded"],
        r"dial tcp.* i/o timeout|TLS handshake timeout|Client\.Timeout exceeded",
    )
    .shared()
    .weak(),
];
