//! Which module paths can be taken for one another.

use gomod::Why::{self, Affix, Case, Homoglyphs, Host, Separators, Swapped, Typo};
use gomod::confusable;
use proptest::prelude::*;

const CASES: &[(&str, &str, Option<Why>)] = &[
    // Upper and lower case.
    ("github.com/Sirupsen/logrus", "github.com/sirupsen/logrus", Some(Case)),
    ("github.com/example/TOML", "github.com/example/toml", Some(Case)),
    ("github.com/Sirupsen/logrus/v2", "github.com/sirupsen/logrus", Some(Case)),
    ("github.com/example/a/Sub", "github.com/example/a/sub", Some(Case)),
    ("k8s.io/API", "k8s.io/api", Some(Case)),
    ("GitHub.com/example/a", "github.com/example/a", Some(Case)),
    ("gopkg.in/Yaml.v3", "gopkg.in/yaml.v2", Some(Case)),
    ("github.com/Azure/go-autorest", "github.com/azure/azure-sdk-for-go", None),
    // Typos of the owner.
    ("github.com/gorilla/mux", "github.com/gorrilla/mux", Some(Typo(1))),
    ("github.com/gorilla/mux", "github.com/goilla/mux", Some(Typo(1))),
    ("github.com/gorilla/mux", "github.com/gorilal/mux/v2", Some(Typo(1))),
    ("github.com/gorilla/mux", "github.com/gorolla/mux", Some(Typo(1))),
    ("github.com/pkg/errors", "github.com/pkgs/errors", Some(Typo(1))),
    ("github.com/pkg/errors", "github.com/pgk/errors", Some(Typo(1))),
    ("github.com/aws/aws-sdk-go", "github.com/awss/aws-sdk-go", Some(Typo(1))),
    ("github.com/prometheus/common", "github.com/promtheeus/common", Some(Typo(2))),
    ("github.com/hashicorp/vault", "github.com/hashicorp1/vault", Some(Typo(1))),
    ("github.com/spf13/cobra", "github.com/spf1/cobra", None),
    ("github.com/stretchr/testify", "github.com/stretch/testfy", Some(Typo(1))),
    ("example.com/owners/service", "example.com/owner/service", Some(Typo(1))),
    ("gopkg.in/square/go-jose.v2", "gopkg.in/squere/go-jose.v2", Some(Typo(1))),
    ("gopkg.in/check.v1", "gopkg.in/chek.v1", None),
    ("gopkg.in/check.v1", "gopkg.in/checks.v1", Some(Typo(1))),
    // Too short, too far, or numbered.
    ("github.com/go/a", "github.com/og/a", None),
    ("github.com/a/x", "github.com/b/x", None),
    ("github.com/gorilla/mux", "github.com/godzilla/mux", None),
    ("github.com/gorilla/mux", "github.com/gprolla/mux", None),
    ("github.com/team1/service", "github.com/team2/service", None),
    ("github.com/pkg/errors", "github.com/pkgs/error", None),
    ("gopkg.in/inf.v0", "gopkg.in/ini.v1", None),
    ("gopkg.in/tomb.v1", "gopkg.in/toml.v1", None),
    // Swapped.
    ("github.com/gorilla/mux", "github.com/mux/gorilla", Some(Swapped)),
    ("github.com/Sirupsen/logrus", "github.com/logrus/sirupsen/v2", Some(Swapped)),
    ("github.com/gorilla/mux/x", "github.com/mux/gorilla/y", Some(Swapped)),
    ("github.com/redis/redis", "github.com/redis/redis/v9", None),
    ("github.com/go-redis/redis/v8", "github.com/redis/go-redis/v9", None),
    // Words that many names have.
    ("github.com/boltdb/bolt", "github.com/boltdb-go/bolt", Some(Affix)),
    ("github.com/gorilla/mux", "github.com/go-gorilla/mux/v2", Some(Affix)),
    ("github.com/gorilla/mux", "github.com/gorillahq/mux", Some(Affix)),
    ("github.com/gorilla/mux", "github.com/golang-gorilla/mux", Some(Affix)),
    ("github.com/gorilla/mux", "github.com/gorilla-go/muxer", None),
    ("github.com/gorilla/mux", "github.com/gorillas-friends/mux", None),
    ("github.com/x/mux", "github.com/go-x/mux", None),
    // Separators.
    ("github.com/go-redis/redis", "github.com/goredis/redis", Some(Separators)),
    ("github.com/go-redis/redis/v8", "github.com/go_redis/redis", Some(Separators)),
    ("github.com/a.b.c/redis", "github.com/a-b-c/re-dis", Some(Separators)),
    ("github.com/example/re-dis", "github.com/example/redis", None),
    // Characters that look alike.
    ("github.com/google/uuid", "github.com/goog1e/uuid", Some(Homoglyphs)),
    ("github.com/google/uuid", "github.com/g00gle/uuid", Some(Homoglyphs)),
    ("github.com/google/uuid", "github.com/googIe/uuid", Some(Homoglyphs)),
    ("github.com/moby/term", "github.com/rnoby/term", Some(Homoglyphs)),
    ("github.com/moby/term", "github.com/rnoby/terrn", Some(Homoglyphs)),
    ("github.com/weaveworks/common", "github.com/vveaveworks/common", Some(Homoglyphs)),
    ("github.com/aws/smithy-go", "github.com/\u{430}ws/smithy-go", Some(Homoglyphs)),
    ("github.com/google/uuid", "github.com/g\u{43e}\u{43e}gl\u{435}/uuid", Some(Homoglyphs)),
    ("github.com/go-ole/go-ole", "github.com/go0le/go-ole", Some(Homoglyphs)),
    // Hosts.
    ("github.com/gorilla/mux", "githab.com/gorilla/mux", Some(Host)),
    ("github.com/gorilla/mux", "github.co/gorilla/mux", Some(Host)),
    ("github.com/gorilla/mux", "github.org/other/thing", Some(Host)),
    ("github.com/gorilla/mux", "githb.com/other/thing", Some(Host)),
    ("github.com/gorilla/mux", "git-hub.com/other/thing", Some(Host)),
    ("github.com/gorilla/mux", "glthub.com/gorilla/mux", Some(Host)),
    ("github.com/gorilla/mux", "github.com.example.net/gorilla/mux", Some(Host)),
    ("gitlab.com/group/a", "git1ab.com/group/a", Some(Host)),
    ("golang.org/x/text", "go1ang.org/x/text", Some(Host)),
    ("golang.org/x/text", "golang.com/x/net", Some(Host)),
    ("go.example.com/a/b", "go.exampel.com/a/b", Some(Host)),
    ("go.example.com/a/b", "go.exampel.com/a/c", None),
    ("github.com/gorilla/mux", "gitlab.com/gorilla/mux", None),
    ("github.com/gorilla/mux", "bitbucket.org/gorilla/mux", None),
    ("gitea.com/a/b", "gitee.com/a/b", None),
    ("golang.org/x/text", "google.golang.org/grpc", None),
    ("github.com/gorilla/mux", "github.corp.example.com/gorilla/mux", None),
    ("k8s.io/api", "k3s.io/api", None),
    ("service", "services", None),
    // Siblings.
    ("github.com/aws/aws-sdk-go", "github.com/aws/aws-sdk-go-v2", None),
    ("github.com/aws/aws-sdk-go-v2/service/s3", "github.com/aws/aws-sdk-go-v2/service/ssm", None),
    ("github.com/gorilla/mux", "github.com/gorilla/mux/v2", None),
    ("github.com/gorilla/mux", "github.com/gorilla/muxer", None),
    ("k8s.io/api", "k8s.io/apis", None),
    ("k8s.io/klog", "k8s.io/klog/v2", None),
    ("go.uber.org/zap", "go.uber.org/zip", None),
    ("golang.org/x/sys", "golang.org/x/sync", None),
    ("gopkg.in/yaml.v2", "gopkg.in/yaml.v3", None),
    ("go.opentelemetry.io/otel/sdk", "go.opentelemetry.io/otel/sdk/metric", None),
    ("github.com/gorilla/mux", "github.com/gorilla/mux", None),
    ("", "", None),
    ("/", "//", None),
];

#[test]
fn paths_are_judged_in_both_directions() {
    for (a, b, want) in CASES {
        assert_eq!(confusable(a, b), *want, "{a} {b}");
        assert_eq!(confusable(b, a), *want, "{b} {a}");
    }
}

proptest! {
    #[test]
    fn the_order_does_not_matter(a in "[gh./o01-]{0,12}", b in "[gh./o01-]{0,12}") {
        prop_assert_eq!(confusable(&a, &b), confusable(&b, &a));
        prop_assert_eq!(confusable(&a, &a), None);
    }

    #[test]
    fn siblings_are_never_told(owner in "[a-z]{1,8}", a in "[a-z0-9.-]{1,8}", b in "[a-z0-9.-]{1,8}") {
        prop_assert_eq!(confusable(&format!("github.com/{owner}/{a}"), &format!("github.com/{owner}/{b}")), None);
    }

    #[test]
    fn one_edit_of_an_owner_is_told(owner in "[a-z]{4,9}", at in 0..4_usize, letter in "[a-z]") {
        let mut other = owner.clone();
        other.insert_str(at, &letter);
        let (a, b) = (format!("github.com/{owner}/thing"), format!("github.com/{other}/thing"));
        prop_assert!(confusable(&a, &b).is_some());
    }

    #[test]
    fn any_text_is_judged(a in ".{0,40}", b in ".{0,40}") {
        let _ = confusable(&a, &b);
    }
}

#[test]
fn hostile_lengths_are_judged() {
    let long = format!("github.com/{}/x", "a".repeat(1_000_000));
    let other = format!("github.com/{}b/x", "a".repeat(999_999));
    assert_eq!(confusable(&long, &other), Some(Typo(1)));
    assert_eq!(confusable(&"/".repeat(1_000_000), &"//".repeat(1_000_000)), None);
}
