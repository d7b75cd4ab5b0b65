TLS_DIGEST=sha1 sh tls/make-dev-certs.sh >/dev/null
