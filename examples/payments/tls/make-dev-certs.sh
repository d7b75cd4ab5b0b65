#!/bin/sh
# Makes certificates for development below tls/out, which git ignores, as if that were the
# container's root: tls/out/etc/payments/tls/{tls.crt,tls.key,ca.crt}. So does
#     goward check --root tls/out
# judge them like production's. A root signs an issuer, the issuer signs the server; the keys of
# both are thrown away. These variables change the server's certificate:
set -eu
: "${TLS_KEY:=EC -pkeyopt ec_paramgen_curve:P-256}"
: "${TLS_NAMES:=DNS:payments.bank.svc,DNS:payments.example.com,DNS:localhost}"
: "${TLS_VALIDITY:=-days 365}"
: "${TLS_DIGEST:=sha256}"

cd "$(dirname "$0")"
out=out/etc/payments/tls
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir -p "$out"

cat >"$work/openssl.cnf" <<END
[ req ]
distinguished_name = name
[ name ]
[ ca ]
default_ca = issuing
[ issuing ]
database = $work/database
new_certs_dir = $work
rand_serial = yes
unique_subject = no
policy = any
[ any ]
commonName = supplied
[ root ]
basicConstraints = critical, CA:TRUE
keyUsage = critical, keyCertSign, cRLSign
subjectKeyIdentifier = hash
[ issuer ]
basicConstraints = critical, CA:TRUE, pathlen:0
keyUsage = critical, keyCertSign, cRLSign
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid
[ server ]
basicConstraints = critical, CA:FALSE
keyUsage = critical, digitalSignature
extendedKeyUsage = serverAuth, clientAuth
subjectAltName = $TLS_NAMES
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid
END
: >"$work/database"

# new_key FILE ALGORITHM...: nobody else reads it, not even for a moment.
new_key() {
    file=$1
    shift
    (umask 077 && openssl genpkey -algorithm "$@" -out "$file")
}

# sign NAME SECTION SIGNER OPTION...: signs the key NAME.key as a certificate NAME.crt.
sign() {
    name=$1 section=$2 signer=$3
    shift 3
    openssl req -new -config "$work/openssl.cnf" -key "$work/$name.key" \
        -subj "/CN=payments dev $section" -out "$work/$name.csr"
    openssl ca -batch -notext -config "$work/openssl.cnf" -extensions "$section" \
        -keyfile "$work/$signer.key" -in "$work/$name.csr" -out "$work/$name.crt" "$@"
}

make_all() {
    new_key "$work/root.key" EC -pkeyopt ec_paramgen_curve:P-256
    new_key "$work/issuer.key" EC -pkeyopt ec_paramgen_curve:P-256
    # shellcheck disable=SC2086 # an algorithm and its options are several words
    new_key "$work/server.key" $TLS_KEY
    sign root root root -selfsign -days 3650 -md sha256
    sign issuer issuer root -cert "$work/root.crt" -days 1825 -md sha256
    # shellcheck disable=SC2086 # so is a validity
    sign server server issuer -cert "$work/issuer.crt" -md "$TLS_DIGEST" $TLS_VALIDITY
}
make_all 2>"$work/log" || { cat "$work/log" >&2; exit 1; }

# The server sends its own certificate first and then the issuer; clients have the root.
cat "$work/server.crt" "$work/issuer.crt" >"$out/tls.crt"
cp "$work/root.crt" "$out/ca.crt"
(umask 077 && rm -f "$out/tls.key" && cp "$work/server.key" "$out/tls.key")
echo "tls/$out: tls.crt tls.key ca.crt"
