TLS_VALIDITY="-days 5" sh tls/make-dev-certs.sh >/dev/null
