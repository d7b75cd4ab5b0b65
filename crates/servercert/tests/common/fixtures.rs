//! The certificates of the tests, each made once.

use super::{CA, Order, SERVER, Shop};

/// Fills the shop.
pub(crate) fn stock(shop: &Shop) {
    authorities(shop);
    servers(shop);
    servers_with_extensions(shop);
    weak(shop);
    odd_chains(shop);
    keys(shop);
    files(shop);
}

fn authority(shop: &Shop, name: &str, order: Order<'_>) {
    let extensions = if order.extensions == SERVER { CA } else { order.extensions };
    shop.sign(name, &Order { extensions, ..order });
}

fn authorities(shop: &Shop) {
    let years = || Order { days: 3650, ..Order::default() };
    authority(shop, "root", years());
    authority(shop, "other-root", years());
    authority(shop, "fake-root", Order { subject: Some("root"), ..years() });
    authority(shop, "short-root", Order { days: 20, ..years() });
    authority(shop, "old-root", Order { extensions: "", ..years() });
    authority(shop, "rsa-root", Order { key: "rsa:2048", ..years() });
    authority(shop, "int", Order { issuer: Some("root"), ..years() });
    authority(shop, "fake-int", Order { issuer: Some("root"), subject: Some("int"), ..years() });
    authority(shop, "short-int", Order { issuer: Some("root"), days: 20, ..years() });
    authority(shop, "int2", Order { issuer: Some("int"), ..years() });
    authority(shop, "shortroot-int", Order { issuer: Some("short-root"), ..years() });
    authority(shop, "old-int", Order { issuer: Some("root"), extensions: "", ..years() });
    for (name, curve, digest) in [("p384", "P-384", "-sha384"), ("p521", "P-521", "-sha512")] {
        authority(shop, name, Order { key: &format!("ec:{curve}"), digest, ..years() });
    }
    authority(shop, "ed-root", Order { key: "ed25519", digest: "", ..years() });
    // The int key, certified by another root as well.
    shop.write("cross-int.key", &shop.read("int.key"));
    authority(
        shop,
        "cross-int",
        Order { issuer: Some("other-root"), subject: Some("int"), ..years() },
    );
}

fn servers(shop: &Shop) {
    let from = |issuer| Order { issuer: Some(issuer), ..Order::default() };
    shop.sign("leaf", &from("int"));
    shop.sign("direct", &from("root"));
    shop.sign("month", &Order { days: 30, ..from("root") });
    shop.sign("past", &Order { days: -1, ..from("root") });
    shop.sign("rsa", &Order { key: "rsa:2048", ..from("rsa-root") });
    shop.sign("rsa3072", &Order { key: "rsa:3072", digest: "-sha512", ..from("rsa-root") });
    shop.sign(
        "rsapss",
        &Order {
            digest: "-sha256 -sigopt rsa_padding_mode:pss -sigopt rsa_pss_saltlen:32",
            ..from("rsa-root")
        },
    );
    shop.sign(
        "rsapss384",
        &Order {
            digest: "-sha384 -sigopt rsa_padding_mode:pss -sigopt rsa_pss_saltlen:-1",
            ..from("rsa-root")
        },
    );
    shop.sign(
        "rsapss-longsalt",
        &Order {
            digest: "-sha256 -sigopt rsa_padding_mode:pss -sigopt rsa_pss_saltlen:64",
            ..from("rsa-root")
        },
    );
    for curve in ["p384", "p521"] {
        for digest in ["sha256", "sha384", "sha512"] {
            let name = format!("{curve}-{digest}");
            shop.sign(&name, &Order { digest: &format!("-{digest}"), ..from(curve) });
        }
    }
    shop.sign("p256-sha512", &Order { digest: "-sha512", ..from("root") });
    shop.sign("p384-key", &Order { key: "ec:P-384", ..from("root") });
    shop.sign("p521-key", &Order { key: "ec:P-521", ..from("root") });
    shop.sign("ed-key", &Order { key: "ed25519", digest: "", ..from("ed-root") });
    shop.sign("far-future", &Order { days: 2_000_000, ..from("root") });
    shop.openssl("genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:2048 -pkeyopt rsa_keygen_pubexp:3 -out e3.key");
    shop.sign("e3", &from("root"));
    shop.sign("by-old-root", &from("old-root"));
    shop.sign("by-old-int", &from("old-int"));
    shop.sign("by-short-int", &from("short-int"));
    shop.sign("by-short-root", &from("shortroot-int"));
    shop.sign("by-int2", &from("int2"));
    shop.sign("by-leaf", &from("leaf"));
}

fn servers_with_extensions(shop: &Shop) {
    let from = |issuer| Order { issuer: Some(issuer), ..Order::default() };
    shop.sign("self", &Order::default());
    shop.sign("short-self", &Order { days: 10, ..Order::default() });
    let dev = "basicConstraints=critical,CA:TRUE; subjectAltName=DNS:api.example.test";
    shop.sign("dev", &Order { extensions: dev, ..Order::default() });
    shop.sign(
        "no-san",
        &Order {
            subject: Some("api.example.test"),
            extensions: "basicConstraints=CA:FALSE",
            ..from("root")
        },
    );
    shop.sign("v1", &Order { subject: Some("api.example.test"), extensions: "", ..from("root") });
    shop.sign(
        "mail-san",
        &Order { extensions: "subjectAltName=email:ops@example.test", ..from("root") },
    );
    shop.sign("ip-san", &Order { extensions: "subjectAltName=IP:192.0.2.10", ..from("root") });
    shop.sign(
        "text-ip-san",
        &Order { extensions: "subjectAltName=DNS:192.0.2.10", ..from("root") },
    );
    shop.sign(
        "no-eku",
        &Order { extensions: "subjectAltName=DNS:api.example.test", ..from("root") },
    );
    let usage = |usage: &str| match usage.contains("subjectAltName") {
        true => usage.to_owned(),
        false => format!("subjectAltName=DNS:api.example.test; {usage}"),
    };
    for (name, lines) in [
        ("client-only", "extendedKeyUsage=clientAuth"),
        ("both-usages", "extendedKeyUsage=clientAuth,serverAuth"),
        ("any-usage", "extendedKeyUsage=anyExtendedKeyUsage"),
        (
            "odd-san",
            "subjectKeyIdentifier=hash\nsubjectAltName=DNS:api.example.test,otherName:1.2.3.4;UTF8:x,RID:1.2.3.4,URI:spiffe://example.test/api,dirName:dn\n[dn]\nO=Example",
        ),
        ("odd-usage", "extendedKeyUsage=codeSigning,1.2.3.4"),
        ("sign-only", "keyUsage=keyCertSign"),
        ("encipher-only", "keyUsage=keyEncipherment"),
        ("unknown-critical", "1.2.3.4=critical,ASN1:NULL"),
        ("unknown-extension", "1.2.3.4=ASN1:NULL"),
        ("critical-skid", "subjectKeyIdentifier=critical,hash"),
    ] {
        shop.sign(name, &Order { extensions: &usage(lines), ..from("root") });
    }
    shop.sign("negative-serial", &Order { serial: -5, ..from("root") });
}

fn weak(shop: &Shop) {
    let from = |issuer| Order { issuer: Some(issuer), ..Order::default() };
    let years = || Order { days: 3650, extensions: CA, ..Order::default() };
    for digest in ["sha1", "md5", "sha224"] {
        shop.sign(digest, &Order { digest: &format!("-{digest}"), ..from("rsa-root") });
    }
    shop.sign("ecdsa-sha1", &Order { digest: "-sha1", ..from("root") });
    shop.sign("p521-sha1", &Order { digest: "-sha1", ..from("p521") });
    shop.sign(
        "pss-sha1",
        &Order {
            digest: "-sha1 -sigopt rsa_padding_mode:pss -sigopt rsa_pss_saltlen:20",
            ..from("rsa-root")
        },
    );
    shop.sign("self-sha1", &Order { digest: "-sha1", ..Order::default() });
    shop.sign("sha1-root", &Order { digest: "-sha1", ..years() });
    shop.sign("by-sha1-root", &from("sha1-root"));
    shop.sign("sha1-int", &Order { digest: "-sha1", issuer: Some("root"), ..years() });
    shop.sign("by-sha1-int", &from("sha1-int"));
    for (name, key) in [
        ("rsa1024", "rsa:1024"),
        ("rsa2047", "rsa:2047"),
        ("p224", "ec:P-224"),
        ("k256", "ec:secp256k1"),
        ("brainpool", "ec:brainpoolP256r1"),
        ("dsa", "dsa"),
        ("ed448", "ed448"),
        ("pss-key", "pss:2048"),
    ] {
        shop.sign(name, &Order { key, ..from("root") });
    }
    for (name, key, digest) in [
        ("rsa1024-int", "rsa:1024", "-sha256"),
        ("p224-int", "ec:P-224", "-sha256"),
        ("dsa-int", "dsa", "-sha256"),
        ("rsa1024-root", "rsa:1024", "-sha256"),
        ("dsa-root", "dsa", "-sha256"),
    ] {
        let issuer = name.ends_with("-int").then_some("root");
        shop.sign(name, &Order { key, digest, issuer, ..years() });
        shop.sign(&format!("by-{name}"), &Order { issuer: Some(name), ..Order::default() });
    }
}

fn odd_chains(shop: &Shop) {
    let from = |issuer| Order { issuer: Some(issuer), ..Order::default() };
    let ca =
        |extensions| Order { days: 3650, extensions, issuer: Some("root"), ..Order::default() };
    for (name, extensions) in [
        ("no-ca", "basicConstraints=critical,CA:FALSE"),
        ("no-sign", "basicConstraints=critical,CA:TRUE; keyUsage=critical,digitalSignature"),
        ("path0", "basicConstraints=critical,CA:TRUE,pathlen:0; keyUsage=critical,keyCertSign"),
        ("client-ca", "basicConstraints=critical,CA:TRUE; extendedKeyUsage=clientAuth"),
        ("server-ca", "basicConstraints=critical,CA:TRUE; extendedKeyUsage=serverAuth"),
        ("critical-ca", "basicConstraints=critical,CA:TRUE; 1.2.3.4=critical,ASN1:NULL"),
        (
            "for-example",
            "basicConstraints=critical,CA:TRUE; nameConstraints=critical,permitted;DNS:example.test,permitted;IP:192.0.2.0/255.255.255.0,permitted;IP:2001:db8::/ffff:ffff::",
        ),
        (
            "for-others",
            "basicConstraints=critical,CA:TRUE; nameConstraints=critical,permitted;DNS:example.com",
        ),
        (
            "not-api",
            "basicConstraints=critical,CA:TRUE; nameConstraints=critical,excluded;DNS:api.example.test",
        ),
        (
            "not-one-svc",
            "basicConstraints=critical,CA:TRUE; nameConstraints=critical,excluded;DNS:one.svc.example.test",
        ),
        (
            "not-our-net",
            "basicConstraints=critical,CA:TRUE; nameConstraints=critical,excluded;IP:192.0.2.0/255.255.255.0",
        ),
        (
            "v6-only",
            "basicConstraints=critical,CA:TRUE; nameConstraints=critical,permitted;IP:2001:db8::/ffff:ffff::",
        ),
        (
            "dir-names",
            "basicConstraints=critical,CA:TRUE; nameConstraints=critical,permitted;dirName:dn\n[dn]\nO=Example",
        ),
        (
            "mail-only",
            "basicConstraints=critical,CA:TRUE; nameConstraints=critical,permitted;email:example.com",
        ),
    ] {
        shop.sign(name, &ca(extensions));
        shop.sign(&format!("by-{name}"), &from(name));
    }
    shop.sign("below-path0", &Order { extensions: CA, ..from("path0") });
    shop.sign("by-below-path0", &from("below-path0"));
    // A CA without basic constraints, but with extensions.
    shop.sign("bare-root", &Order { extensions: "subjectKeyIdentifier=hash", ..Order::default() });
    shop.sign("by-bare-root", &from("bare-root"));
    // The key of the root in a certificate that its parent signed, as in a rollover.
    shop.sign("renewed", &Order { subject: Some("root"), extensions: CA, ..from("root") });
    shop.sign("by-renewed", &from("renewed"));
}

fn keys(shop: &Shop) {
    for line in [
        "pkey -in direct.key -traditional -out direct.sec1",
        "ec -in direct.key -no_public -out direct.sec1-nopublic",
        "ec -in p384-key.key -no_public -out p384-key.sec1-nopublic",
        "ec -in p521-key.key -no_public -out p521-key.sec1-nopublic",
        "pkey -in rsa.key -traditional -out rsa.pkcs1",
        "pkey -in dsa.key -traditional -out dsa.traditional",
        "pkey -in rsa.key -aes128 -passout pass:secret -out rsa.encrypted",
        "rsa -in rsa.key -traditional -aes128 -passout pass:secret -out rsa.proctype",
        "pkey -in rsa.key -pubout -out rsa.pub",
        "pkey -in rsa.key -outform DER -out rsa.key.der",
        "x509 -in rsa.pem -outform DER -out rsa.der",
        "x509 -in rsa.pem -trustout -out rsa.trusted",
        "ecparam -name P-256 -out p256.params",
        "genpkey -algorithm X25519 -out x25519.key",
        "pkey -in k256.key -traditional -out k256.sec1",
    ] {
        shop.openssl(line);
    }
    shop.key("stranger", "ec:P-256");
    shop.key("rsa-stranger", "rsa:2048");
    shop.key("k256-stranger", "ec:secp256k1");
    shop.openssl("ecparam -name P-256 -genkey -param_enc explicit -noout -out explicit.key");
    shop.sign("explicit", &Order { issuer: Some("root"), ..Order::default() });
    shop.openssl("ec -in direct.key -conv_form compressed -out compressed.key");
    shop.sign("compressed", &Order { issuer: Some("root"), ..Order::default() });
    shop.openssl("ec -in direct.key -param_enc explicit -out direct.explicit");
}

fn files(shop: &Shop) {
    let leaf = String::from_utf8(shop.read("direct.pem")).unwrap();
    let key = String::from_utf8(shop.read("direct.key")).unwrap();
    let utf16: Vec<u8> =
        [0xfeff].into_iter().chain(leaf.encode_utf16()).flat_map(u16::to_le_bytes).collect();
    let body: String = leaf.lines().filter(|line| !line.starts_with('-')).collect();
    let begin = "-----BEGIN CERTIFICATE-----";
    let end = "-----END CERTIFICATE-----";
    for (name, content) in [
        ("empty", String::new()),
        ("blank", " \n\n".to_owned()),
        ("nonsense", "hello\nworld\n".to_owned()),
        ("crlf", leaf.replace('\n', "\r\n")),
        ("bom", format!("\u{feff}{leaf}")),
        ("text-around", format!("subject=CN = x\n{leaf}some text\n")),
        ("commented", format!("# {begin}\n{leaf}")),
        ("indented", leaf.replace(begin, &format!("  {begin}"))),
        ("cut", leaf[..leaf.len() / 2].to_owned()),
        ("cut-base64", format!("{}\n{end}\n", &leaf[..leaf.len() / 2])),
        ("bad-base64", leaf.replacen("MII", "M!I", 1)),
        ("one-line", format!("{begin}\n{body}\n{end}")),
        ("spaces", leaf.replace('\n', "  \n")),
        ("escaped", leaf.replace('\n', "\\n")),
        ("wrong-end", leaf.replace(end, "-----END CERT-----")),
        ("short-dashes", leaf.replace(begin, "-----BEGIN CERTIFICATE----")),
        ("x509-label", leaf.replace("CERTIFICATE-----", "X509 CERTIFICATE-----")),
        ("header", leaf.replace(&format!("{begin}\n"), &format!("{begin}\nNote: yes\n\n"))),
        ("empty-block", format!("{begin}\n{end}\n")),
        ("not-der", format!("{begin}\naGVsbG8=\n{end}\n")),
        ("key-crlf", key.replace('\n', "\r\n")),
        ("key-cut", key[..key.len() / 2].to_owned()),
        ("key-garbage", key.replace(key.lines().nth(1).unwrap(), "aGVsbG8=")),
        ("key-any-label", key.replace("PRIVATE KEY", "ANY PRIVATE KEY")),
    ] {
        shop.write(name, content.as_bytes());
    }
    shop.write("utf16", &utf16);
    shop.write("zeros", &[0; 64]);
    // The same signature bytes, one bit other: the chain is broken, the rest is as before.
    let mut tampered = shop.read("rsa.der");
    *tampered.last_mut().unwrap() ^= 1;
    shop.write("tampered.der", &tampered);
    // `openssl x509` would check nothing here, only write PEM.
    shop.openssl("x509 -inform DER -in tampered.der -out tampered.pem");
    let mut trailing = shop.read("rsa.der");
    trailing.push(0);
    shop.write("trailing.der", &trailing);
    shop.openssl("base64 -in trailing.der -out trailing.b64");
    let text = String::from_utf8(shop.read("trailing.b64")).unwrap();
    shop.write("trailing", format!("{begin}\n{text}{end}\n").as_bytes());
}
