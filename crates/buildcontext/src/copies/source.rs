//! What a source of `ADD` or `COPY` is.
//!
//! Rules: `isHTTPSource` and `dfgitutil.ParseGitRef` of BuildKit.

/// Where a source comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Origin {
    /// A path of the build context.
    Context,
    /// A file behind `http://` or `https://`.
    Http,
    /// A Git repository.
    Git,
}

impl Origin {
    /// What BuildKit takes this source for. Whatever it does not recognise is a path, `github.com/owner/name` as well.
    ///
    /// ```
    /// use buildcontext::Origin;
    ///
    /// assert_eq!(Origin::of("https://example.com/a.tar.gz"), Origin::Http);
    /// assert_eq!(Origin::of("https://example.com/repo.git#v1"), Origin::Git);
    /// assert_eq!(Origin::of("git@example.com:repo"), Origin::Git);
    /// assert_eq!(Origin::of("./https://example.com"), Origin::Context);
    /// ```
    pub fn of(source: &str) -> Self {
        let Some((scheme, rest)) = source.split_once("://").filter(|(scheme, _)| is_scheme(scheme))
        else {
            return if is_scp(source) { Self::Git } else { Self::Context };
        };
        let path = rest.split(['#', '?']).next().unwrap_or_default();
        let is_repository = path.contains('/') && path.ends_with(".git");
        match scheme.to_ascii_lowercase().as_str() {
            "ssh" | "git" => Self::Git,
            "http" | "https" if is_repository => Self::Git,
            _ if scheme == "http" || scheme == "https" => Self::Http,
            _ => Self::Context,
        }
    }
}

fn is_scheme(scheme: &str) -> bool {
    !scheme.is_empty() && scheme.bytes().all(|byte| byte.is_ascii_alphanumeric())
}

/// `^([a-zA-Z0-9-_]+)@([a-zA-Z0-9-.]+):(.*?)(?:\?(.*?))?(?:#(.*))?$`
fn is_scp(source: &str) -> bool {
    let is_name = |text: &str, more: &[u8]| {
        !text.is_empty()
            && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || more.contains(&byte))
    };
    source.split_once('@').is_some_and(|(user, rest)| {
        let host = rest.split_once(':').map_or("", |(host, _)| host);
        is_name(user, b"-_") && is_name(host, b"-.") && !rest.contains('\n')
    })
}
