//! The specification as a table: which files give which ids. `ids.rs` holds the judgement against it, `go.rs`
//! holds it against Go.
//!
//! A case is: name · certificate file · key file · CA file · options · ids that fail. Files are names of
//! [`super::fixtures`], `+` joins them, `-` is none. Options: `host=` (may repeat), `day=` days from now,
//! `min=` days asked for (0 otherwise), `mode=` of the key file, `go=` what Go says where it is not what the ids
//! suggest.

pub(crate) struct Case {
    pub(crate) name: &'static str,
    pub(crate) cert: &'static str,
    pub(crate) key: &'static str,
    pub(crate) ca: &'static str,
    pub(crate) options: &'static str,
    pub(crate) ids: &'static str,
}

impl Case {
    pub(crate) fn option(&self, name: &str) -> impl Iterator<Item = &'static str> {
        self.options
            .split(' ')
            .filter_map(move |option| option.strip_prefix(name)?.strip_prefix('='))
    }

    /// Whether Go is expected to accept. Order, days left and permissions are not Go's affair.
    pub(crate) fn go_accepts(&self) -> bool {
        match self.option("go").next() {
            Some(verdict) => verdict == "accepts",
            None => self
                .ids
                .split_whitespace()
                .all(|id| ["tls-chain-order", "tls-expires-soon", "tls-key-perm"].contains(&id)),
        }
    }
}

pub(crate) fn all() -> Vec<Case> {
    TABLE
        .lines()
        .map(str::trim)
        .filter(|line| !line.is_empty() && !line.starts_with('#'))
        .map(|line| {
            let cells: Vec<_> = line.split('|').map(str::trim).collect();
            let [name, cert, key, ca, options, ids] = cells[..] else { panic!("{line}") };
            Case { name, cert, key, ca, options, ids }
        })
        .collect()
}

const TABLE: &str = "
# In order
leaf with intermediate          | leaf.pem+int.pem                   | leaf.key | root.pem | host=api.example.test |
leaf with intermediate and root | leaf.pem+int.pem+root.pem          | leaf.key | root.pem | host=api.example.test |
leaf under the root             | direct.pem                         | direct.key | root.pem | host=api.example.test |
all names                       | direct.pem                         | direct.key | root.pem | host=api.example.test host=one.svc.example.test host=192.0.2.10 host=[2001:db8::10] host=API.EXAMPLE.TEST. |
CA file of many                 | direct.pem                         | direct.key | other-root.pem+fake-root.pem+root.pem | |
intermediate in the CA file     | leaf.pem                           | leaf.key | int.pem+root.pem | |
only the intermediate trusted   | leaf.pem                           | leaf.key | int.pem | |
certificate alone               | direct.pem                         | - | - | |
no CA given                     | leaf.pem                           | leaf.key | - | |
three levels                    | by-int2.pem+int2.pem+int.pem       | by-int2.key | root.pem | |
cross-signed, one root          | leaf.pem+cross-int.pem             | leaf.key | other-root.pem | |
cross-signed, the other         | leaf.pem+int.pem                   | leaf.key | root.pem+other-root.pem | |
renewed root, old one trusted   | by-renewed.pem+renewed.pem         | by-renewed.key | root.pem | |
RSA 2048                        | rsa.pem                            | rsa.key | rsa-root.pem | host=api.example.test |
RSA 3072, SHA-512               | rsa3072.pem                        | rsa3072.key | rsa-root.pem | host=api.example.test |
RSA-PSS signature               | rsapss.pem                         | rsapss.key | rsa-root.pem | host=api.example.test |
RSA-PSS signature, SHA-384      | rsapss384.pem                      | rsapss384.key | rsa-root.pem | host=api.example.test |
P-384 CA, SHA-256               | p384-sha256.pem                    | p384-sha256.key | p384.pem | |
P-384 CA, SHA-384               | p384-sha384.pem                    | p384-sha384.key | p384.pem | |
P-384 CA, SHA-512               | p384-sha512.pem                    | p384-sha512.key | p384.pem | |
P-521 CA, SHA-256               | p521-sha256.pem                    | p521-sha256.key | p521.pem | |
P-521 CA, SHA-384               | p521-sha384.pem                    | p521-sha384.key | p521.pem | |
P-521 CA, SHA-512               | p521-sha512.pem                    | p521-sha512.key | p521.pem | |
P-256 CA, SHA-512               | p256-sha512.pem                    | p256-sha512.key | root.pem | |
P-384 key                       | p384-key.pem                       | p384-key.key | root.pem | host=api.example.test |
P-521 key                       | p521-key.pem                       | p521-key.key | root.pem | host=api.example.test |
Ed25519                         | ed-key.pem                         | ed-key.key | ed-root.pem | host=api.example.test |
self-signed                     | self.pem                           | self.key | - | host=api.example.test |
self-signed and trusted         | self.pem                           | self.key | self.pem | host=api.example.test |
self-signed CA as server        | dev.pem                            | dev.key | dev.pem | host=api.example.test |
root of version 1               | by-old-root.pem                    | by-old-root.key | old-root.pem | host=api.example.test |
no extended key usage           | no-eku.pem                         | no-eku.key | root.pem | host=api.example.test |
both usages                     | both-usages.pem                    | both-usages.key | root.pem | host=api.example.test |
any usage                       | any-usage.pem                      | any-usage.key | root.pem | host=api.example.test |
key encipherment only           | encipher-only.pem                  | encipher-only.key | root.pem | host=api.example.test |
valid until the year 7502       | far-future.pem                     | far-future.key | root.pem | host=api.example.test |
RSA exponent 3                  | e3.pem                             | e3.key | root.pem | host=api.example.test |
names of every kind             | odd-san.pem                        | odd-san.key | root.pem | host=api.example.test |
unknown extension               | unknown-extension.pem              | unknown-extension.key | root.pem | host=api.example.test |
RSA 1024 in the root            | by-rsa1024-root.pem                | by-rsa1024-root.key | rsa1024-root.pem | |
SHA-1 in the root               | by-sha1-root.pem                   | by-sha1-root.key | sha1-root.pem | |
SHA-1 in the root, root sent    | by-sha1-root.pem+sha1-root.pem     | by-sha1-root.key | sha1-root.pem | |
SHA-1 in the root, no CA given  | by-sha1-root.pem+sha1-root.pem     | by-sha1-root.key | - | |
combined file                   | direct.pem+direct.key              | direct.pem+direct.key | root.pem | |
combined file, key first        | direct.key+direct.pem              | direct.key+direct.pem | root.pem | |

# Dates
9 days left, 30 asked           | short-self.pem                     | short-self.key | - | min=30 | tls-expires-soon
none asked                      | short-self.pem                     | short-self.key | - | min=0 |
9 days left, 9 asked            | short-self.pem                     | short-self.key | - | min=9 |
soon, trusted                   | month.pem                          | month.key | root.pem | day=20 min=30 | tls-expires-soon
expired                         | month.pem                          | month.key | root.pem | day=31 min=30 | tls-expired
expired on creation             | past.pem                           | past.key | root.pem | | tls-expired
expired, not trusted            | month.pem                          | month.key | other-root.pem | day=31 | tls-chain-invalid tls-expired
expired and self-signed         | short-self.pem                     | short-self.key | short-self.pem | day=11 min=30 | tls-expired
intermediate soon               | by-short-int.pem+short-int.pem     | by-short-int.key | root.pem | min=30 | tls-expires-soon
intermediate expired            | by-short-int.pem+short-int.pem     | by-short-int.key | root.pem | day=21 min=30 | tls-expired
intermediate expired, no CA     | by-short-int.pem+short-int.pem     | by-short-int.key | - | day=21 min=30 | tls-expired
expired intermediate trusted    | by-short-int.pem+short-int.pem     | by-short-int.key | short-int.pem | day=21 | tls-expired
expired intermediate not sent   | by-short-int.pem                   | by-short-int.key | short-int.pem | day=21 | tls-chain-invalid
root expired                    | by-short-root.pem+shortroot-int.pem | by-short-root.key | short-root.pem | day=21 | tls-chain-invalid
root expired and sent           | by-short-root.pem+shortroot-int.pem+short-root.pem | by-short-root.key | short-root.pem | day=21 | tls-chain-invalid
root expired and sent, no CA    | by-short-root.pem+shortroot-int.pem+short-root.pem | by-short-root.key | - | day=21 | tls-expired
root soon                       | by-short-root.pem+shortroot-int.pem+short-root.pem | by-short-root.key | short-root.pem | min=30 |
not yet valid                   | self.pem                           | self.key | self.pem | day=-1 | tls-expired
not yet valid, nor its root     | direct.pem                         | direct.key | root.pem | day=-1 | tls-chain-invalid tls-expired

# Keys
another key                     | direct.pem                         | stranger.key | root.pem | | tls-key-mismatch
another RSA key                 | rsa.pem                            | rsa-stranger.key | rsa-root.pem | | tls-key-mismatch
another kind of key             | direct.pem                         | rsa.key | root.pem | | tls-key-mismatch
another curve                   | direct.pem                         | p384-key.key | root.pem | | tls-key-mismatch
Ed25519 for P-256               | direct.pem                         | ed-key.key | root.pem | | tls-key-mismatch
key of the intermediate         | leaf.pem+int.pem                   | int.key | root.pem | | tls-key-mismatch
key of the root                 | direct.pem+root.pem                | root.key | root.pem | | tls-key-mismatch
PKCS#1                          | rsa.pem                            | rsa.pkcs1 | rsa-root.pem | |
SEC 1                           | direct.pem                         | direct.sec1 | root.pem | |
SEC 1 without public key        | direct.pem                         | direct.sec1-nopublic | root.pem | |
SEC 1 without public key, P-384 | p384-key.pem                       | p384-key.sec1-nopublic | root.pem | |
SEC 1 without public key, P-521 | p521-key.pem                       | p521-key.sec1-nopublic | root.pem | |
SEC 1 of another key            | p384-key.pem                       | direct.sec1-nopublic | root.pem | | tls-key-mismatch
EC PARAMETERS before the key    | direct.pem                         | p256.params+direct.sec1 | root.pem | |
key compressed                  | direct.pem                         | compressed.key | root.pem | |
key with CRLF                   | direct.pem                         | key-crlf | root.pem | |
key under any label             | direct.pem                         | key-any-label | root.pem | |
first of two keys               | direct.pem                         | direct.key+stranger.key | root.pem | |
second of two keys              | direct.pem                         | stranger.key+direct.key | root.pem | | tls-key-mismatch
encrypted                       | rsa.pem                            | rsa.encrypted | rsa-root.pem | | tls-parse
encrypted, traditional          | rsa.pem                            | rsa.proctype | rsa-root.pem | | tls-parse
public key                      | rsa.pem                            | rsa.pub | rsa-root.pem | | tls-parse
certificate as key              | rsa.pem                            | rsa.pem | rsa-root.pem | | tls-parse
DER key                         | rsa.pem                            | rsa.key.der | rsa-root.pem | | tls-parse
X25519 key                      | rsa.pem                            | x25519.key | rsa-root.pem | | tls-parse
explicit curve in the key       | direct.pem                         | direct.explicit | root.pem | | tls-parse
only EC PARAMETERS              | direct.pem                         | p256.params | root.pem | | tls-parse
empty key                       | direct.pem                         | empty | root.pem | go=refuses | tls-parse
key cut off                     | direct.pem                         | key-cut | root.pem | | tls-parse
garbage in the key              | direct.pem                         | key-garbage | root.pem | | tls-parse
key and certificate switched    | direct.key                         | direct.pem | root.pem | | tls-parse
world-readable                  | direct.pem                         | direct.key | root.pem | mode=644 | tls-key-perm
world-readable, only others     | direct.pem                         | direct.key | root.pem | mode=604 | tls-key-perm
world-writable                  | direct.pem                         | direct.key | root.pem | mode=602 | tls-key-perm
group-readable                  | direct.pem                         | direct.key | root.pem | mode=640 |
group-writable                  | direct.pem                         | direct.key | root.pem | mode=100660 |
owner only                      | direct.pem                         | direct.key | root.pem | mode=100400 |
world-readable and no key       | direct.pem                         | nonsense | root.pem | mode=644 | tls-key-perm tls-parse
world-readable and mismatch     | direct.pem                         | stranger.key | root.pem | mode=777 | tls-key-mismatch tls-key-perm

# Chain
intermediate missing            | leaf.pem                           | leaf.key | root.pem | | tls-chain-invalid
intermediate missing, root sent | leaf.pem+root.pem                  | leaf.key | root.pem | | tls-chain-invalid tls-chain-order
upper intermediate missing      | by-int2.pem+int2.pem               | by-int2.key | root.pem | | tls-chain-invalid
other CA                        | leaf.pem+int.pem                   | leaf.key | other-root.pem | | tls-chain-invalid
fake CA of the same name        | leaf.pem+int.pem                   | leaf.key | fake-root.pem | | tls-chain-invalid
fake intermediate               | leaf.pem+fake-int.pem              | leaf.key | root.pem | | tls-chain-invalid
fake intermediate, no CA        | leaf.pem+fake-int.pem              | leaf.key | - | | tls-chain-order
root sent but not trusted       | leaf.pem+int.pem+root.pem          | leaf.key | other-root.pem | | tls-chain-invalid
self-signed, not trusted        | self.pem                           | self.key | root.pem | | tls-chain-invalid
trusted only by name            | leaf.pem+int.pem                   | leaf.key | fake-int.pem | | tls-chain-invalid
signature changed               | tampered.pem                       | rsa.key | rsa-root.pem | | tls-chain-invalid
issuer is no CA                 | by-no-ca.pem+no-ca.pem             | by-no-ca.key | root.pem | | tls-chain-invalid
issuer is a server              | by-leaf.pem+leaf.pem+int.pem       | by-leaf.key | root.pem | | tls-chain-invalid
issuer of version 1             | by-old-int.pem+old-int.pem         | by-old-int.key | root.pem | | tls-chain-invalid
issuer without CA, no CA given  | by-no-ca.pem+no-ca.pem             | by-no-ca.key | - | |
root without basic constraints  | by-bare-root.pem                   | by-bare-root.key | bare-root.pem | | tls-chain-invalid
issuer may not sign             | by-no-sign.pem+no-sign.pem         | by-no-sign.key | root.pem | | tls-chain-invalid
path length kept                | by-path0.pem+path0.pem             | by-path0.key | root.pem | |
path length exceeded            | by-below-path0.pem+below-path0.pem+path0.pem | by-below-path0.key | root.pem | | tls-chain-invalid
CA for clients                  | by-client-ca.pem+client-ca.pem     | by-client-ca.key | root.pem | | tls-chain-invalid
CA for servers                  | by-server-ca.pem+server-ca.pem     | by-server-ca.key | root.pem | |
unknown critical in the CA      | by-critical-ca.pem+critical-ca.pem | by-critical-ca.key | root.pem | | tls-chain-invalid
unknown critical in the leaf    | unknown-critical.pem               | unknown-critical.key | root.pem | | tls-chain-invalid
names permitted                 | by-for-example.pem+for-example.pem | by-for-example.key | root.pem | |
names not permitted             | by-for-others.pem+for-others.pem   | by-for-others.key | root.pem | | tls-chain-invalid
names not permitted, no CA      | by-for-others.pem+for-others.pem   | by-for-others.key | - | |
name excluded                   | by-not-api.pem+not-api.pem         | by-not-api.key | root.pem | | tls-chain-invalid
name excluded under a wildcard  | by-not-one-svc.pem+not-one-svc.pem | by-not-one-svc.key | root.pem | | tls-chain-invalid
address excluded                | by-not-our-net.pem+not-our-net.pem | by-not-our-net.key | root.pem | | tls-chain-invalid
address of another family       | by-v6-only.pem+v6-only.pem         | by-v6-only.key | root.pem | | tls-chain-invalid
constraint that Go cannot check | by-dir-names.pem+dir-names.pem     | by-dir-names.key | root.pem | | tls-chain-invalid
constraint on other names       | by-mail-only.pem+mail-only.pem     | by-mail-only.key | root.pem | |
constrained CA is trusted       | by-not-api.pem                     | by-not-api.key | not-api.pem | | tls-chain-invalid
SHA-224                         | sha224.pem                         | sha224.key | rsa-root.pem | | tls-chain-invalid
RSA-PSS with a long salt        | rsapss-longsalt.pem                | rsapss-longsalt.key | rsa-root.pem | | tls-chain-invalid
DSA in the root                 | by-dsa-root.pem                    | by-dsa-root.key | dsa-root.pem | | tls-chain-invalid

# Order
CA first                        | int.pem+leaf.pem                   | leaf.key | root.pem | go=refuses | tls-chain-order
root first                      | root.pem+int.pem+leaf.pem          | leaf.key | root.pem | go=refuses | tls-chain-order
CA first, names judged          | root.pem+direct.pem                | direct.key | root.pem | host=api.example.test go=refuses | tls-chain-order
CA first, other key             | root.pem+direct.pem                | stranger.key | root.pem | go=refuses | tls-chain-order tls-key-mismatch
CA first, key of the CA         | int.pem+leaf.pem                   | int.key | root.pem | go=accepts | tls-chain-order tls-key-mismatch
self-signed CA server second    | root.pem+dev.pem                   | dev.key | dev.pem | go=refuses | tls-chain-order
CA first, no key                | int.pem+leaf.pem                   | - | root.pem | | tls-chain-order
unrelated CA first, no key      | other-root.pem+direct.pem          | - | root.pem | | tls-chain-order
root before intermediate        | leaf.pem+root.pem+int.pem          | leaf.key | root.pem | | tls-chain-order
root before intermediate, no CA | leaf.pem+root.pem+int.pem          | leaf.key | - | | tls-chain-order
intermediates swapped           | by-int2.pem+int.pem+int2.pem       | by-int2.key | root.pem | | tls-chain-order
leaf twice                      | leaf.pem+leaf.pem+int.pem          | leaf.key | root.pem | | tls-chain-order
intermediate twice              | leaf.pem+int.pem+int.pem           | leaf.key | root.pem | | tls-chain-order
unrelated one after             | leaf.pem+int.pem+other-root.pem    | leaf.key | root.pem | | tls-chain-order
unrelated one between           | leaf.pem+other-root.pem+int.pem    | leaf.key | root.pem | | tls-chain-order
other leaf after                | direct.pem+leaf.pem                | direct.key | root.pem | | tls-chain-order
other leaf before               | leaf.pem+direct.pem                | direct.key | root.pem | go=refuses | tls-chain-order
self-signed and something       | self.pem+root.pem                  | self.key | self.pem | | tls-chain-order
gap, no CA                      | leaf.pem+root.pem                  | leaf.key | - | | tls-chain-order
two CAs, self-signed server     | dev.pem+root.pem                   | dev.key | dev.pem | | tls-chain-order

# Names
another host                    | direct.pem                         | direct.key | root.pem | host=www.example.test | tls-name-mismatch
one of two hosts                | direct.pem                         | direct.key | root.pem | host=api.example.test host=www.example.test | tls-name-mismatch
two labels under the wildcard   | direct.pem                         | direct.key | root.pem | host=a.b.svc.example.test | tls-name-mismatch
the wildcard's parent           | direct.pem                         | direct.key | root.pem | host=svc.example.test | tls-name-mismatch
another address                 | direct.pem                         | direct.key | root.pem | host=192.0.2.11 | tls-name-mismatch
address as DNS name             | text-ip-san.pem                    | text-ip-san.key | root.pem | host=192.0.2.10 | tls-name-mismatch
host of an address certificate  | ip-san.pem                         | ip-san.key | root.pem | host=api.example.test | tls-name-mismatch
address certificate             | ip-san.pem                         | ip-san.key | root.pem | host=192.0.2.10 |
no SAN                          | no-san.pem                         | no-san.key | root.pem | go=accepts | tls-no-san
no SAN, host is common name     | no-san.pem                         | no-san.key | root.pem | host=api.example.test | tls-no-san
version 1                       | v1.pem                             | v1.key | root.pem | host=api.example.test | tls-no-san
mail address only               | mail-san.pem                       | mail-san.key | root.pem | host=example.test | tls-no-san

# Strength
SHA-1                           | sha1.pem                           | sha1.key | rsa-root.pem | | tls-weak-sig
MD5                             | md5.pem                            | md5.key | rsa-root.pem | | tls-weak-sig
MD5 by a stranger of that name  | md5.pem                            | md5.key | root.pem | | tls-chain-invalid tls-weak-sig
SHA-1, ECDSA                    | ecdsa-sha1.pem                     | ecdsa-sha1.key | root.pem | | tls-weak-sig
SHA-1, P-521                    | p521-sha1.pem                      | p521-sha1.key | p521.pem | | tls-weak-sig
SHA-1, RSA-PSS                  | pss-sha1.pem                       | pss-sha1.key | rsa-root.pem | | tls-weak-sig
SHA-1, no CA                    | sha1.pem                           | sha1.key | - | | tls-weak-sig
SHA-1, self-signed              | self-sha1.pem                      | self-sha1.key | - | | tls-weak-sig
SHA-1, self-signed and trusted  | self-sha1.pem                      | self-sha1.key | self-sha1.pem | go=accepts | tls-weak-sig
SHA-1 in the intermediate       | by-sha1-int.pem+sha1-int.pem       | by-sha1-int.key | root.pem | | tls-weak-sig
RSA 1024                        | rsa1024.pem                        | rsa1024.key | root.pem | go=accepts | tls-weak-key
RSA 2047                        | rsa2047.pem                        | rsa2047.key | root.pem | go=accepts | tls-weak-key
RSA 1024, other key             | rsa1024.pem                        | rsa.key | root.pem | | tls-key-mismatch tls-weak-key
P-224                           | p224.pem                           | p224.key | root.pem | host=api.example.test | tls-weak-key
secp256k1                       | k256.pem                           | k256.key | root.pem | | tls-weak-key
secp256k1, SEC 1                | k256.pem                           | k256.sec1 | root.pem | | tls-weak-key
secp256k1, other key            | k256.pem                           | k256-stranger.key | root.pem | | tls-key-mismatch tls-weak-key
brainpool                       | brainpool.pem                      | brainpool.key | root.pem | | tls-weak-key
DSA                             | dsa.pem                            | dsa.key | root.pem | | tls-weak-key
DSA, traditional key            | dsa.pem                            | dsa.traditional | root.pem | | tls-weak-key
DSA, other key                  | dsa.pem                            | dsa-int.key | root.pem | | tls-key-mismatch tls-weak-key
Ed448                           | ed448.pem                          | ed448.key | root.pem | | tls-weak-key
Ed448, other kind of key        | ed448.pem                          | rsa.key | root.pem | | tls-key-mismatch tls-weak-key
RSA reserved for PSS            | pss-key.pem                        | pss-key.key | root.pem | | tls-weak-key
RSA 1024 in the intermediate    | by-rsa1024-int.pem+rsa1024-int.pem | by-rsa1024-int.key | root.pem | go=accepts | tls-weak-key
P-224 in the intermediate       | by-p224-int.pem+p224-int.pem       | by-p224-int.key | root.pem | go=accepts | tls-weak-key
DSA in the intermediate         | by-dsa-int.pem+dsa-int.pem         | by-dsa-int.key | root.pem | | tls-weak-key
DSA in the intermediate, no CA  | by-dsa-int.pem+dsa-int.pem         | by-dsa-int.key | - | | tls-weak-key

# Usage
clients only                    | client-only.pem                    | client-only.key | root.pem | | tls-usage
clients only, self-trusted      | client-only.pem                    | client-only.key | client-only.pem | | tls-usage
other usages                    | odd-usage.pem                      | odd-usage.key | root.pem | | tls-usage
key usage without TLS           | sign-only.pem                      | sign-only.key | root.pem | go=accepts | tls-usage

# Files
empty                           | empty                              | direct.key | root.pem | | tls-parse
blank                           | blank                              | direct.key | root.pem | | tls-parse
nonsense                        | nonsense                           | direct.key | root.pem | | tls-parse
zeros                           | zeros                              | direct.key | root.pem | | tls-parse
CRLF                            | crlf                               | direct.key | root.pem | |
byte order mark                 | bom                                | direct.key | root.pem | | tls-parse
UTF-16                          | utf16                              | direct.key | root.pem | | tls-parse
text around                     | text-around                        | direct.key | root.pem | |
commented BEGIN                 | commented                          | direct.key | root.pem | |
indented                        | indented                           | direct.key | root.pem | | tls-parse
cut off                         | cut                                | direct.key | root.pem | | tls-parse
cut off, with END               | cut-base64                         | direct.key | root.pem | | tls-parse
not base64                      | bad-base64                         | direct.key | root.pem | | tls-parse
one long line                   | one-line                           | direct.key | root.pem | |
blanks at line ends             | spaces                             | direct.key | root.pem | |
escaped line ends               | escaped                            | direct.key | root.pem | | tls-parse
another END                     | wrong-end                          | direct.key | root.pem | | tls-parse
short BEGIN                     | short-dashes                       | direct.key | root.pem | | tls-parse
X509 label                      | x509-label                         | direct.key | root.pem | | tls-parse
header in the block             | header                             | direct.key | root.pem | |
empty block                     | empty-block                        | direct.key | root.pem | | tls-parse
not DER inside                  | not-der                            | direct.key | root.pem | | tls-parse
bytes after the certificate     | trailing                           | rsa.key | rsa-root.pem | | tls-parse
DER                             | rsa.der                            | rsa.key | rsa-root.pem | | tls-parse
trusted certificate             | rsa.trusted                        | rsa.key | rsa-root.pem | | tls-parse
certificate request             | direct.csr                         | direct.key | root.pem | | tls-parse
private key as certificate      | direct.key                         | direct.key | root.pem | | tls-parse
negative serial number          | negative-serial.pem                | negative-serial.key | root.pem | | tls-parse
critical subject key identifier | critical-skid.pem                  | critical-skid.key | root.pem | | tls-parse
explicit curve                  | explicit.pem                       | explicit.key | root.pem | | tls-parse
compressed public key           | compressed.pem                     | compressed.key | root.pem | | tls-parse
broken intermediate             | leaf.pem+not-der                   | leaf.key | root.pem | | tls-parse
broken extra certificate        | direct.pem+not-der                 | direct.key | root.pem | go=accepts | tls-parse
broken first certificate        | not-der+leaf.pem+int.pem           | leaf.key | root.pem | | tls-parse
cut first certificate           | cut+direct.pem                     | direct.key | root.pem | go=refuses | tls-parse
broken and mismatch             | direct.pem+not-der                 | stranger.key | root.pem | host=www.example.test | tls-key-mismatch tls-name-mismatch tls-parse
CA empty                        | direct.pem                         | direct.key | empty | go=refuses | tls-parse
CA nonsense                     | direct.pem                         | direct.key | nonsense | | tls-parse
CA is a key                     | direct.pem                         | direct.key | root.key | | tls-parse
CA with a header                | direct.pem                         | direct.key | header | | tls-parse
CA DER                          | rsa.pem                            | rsa.key | rsa.der | | tls-parse
CA file partly broken           | direct.pem                         | direct.key | root.pem+not-der | go=accepts | tls-parse
CA file with one Go refuses     | direct.pem                         | direct.key | negative-serial.pem+root.pem | |
CA file only with one Go refuses | direct.pem                        | direct.key | negative-serial.pem | | tls-parse
everything broken               | nonsense                           | nonsense | nonsense | mode=644 | tls-key-perm tls-parse

# Several at once
expired, weak, no SAN, mismatch | old-root.pem                       | stranger.key | root.pem | day=4000 mode=666 | tls-chain-invalid tls-expired tls-key-mismatch tls-key-perm tls-no-san
SHA-1, soon and wrong name      | self-sha1.pem                      | self-sha1.key | - | min=400 host=www.example.test | tls-expires-soon tls-name-mismatch tls-weak-sig
weak key, clients only          | rsa1024.pem+client-only.pem        | rsa1024.key | root.pem | go=accepts | tls-chain-order tls-weak-key
";
