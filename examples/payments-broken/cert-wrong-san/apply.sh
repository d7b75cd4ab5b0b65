TLS_NAMES=DNS:payments.example.org sh tls/make-dev-certs.sh >/dev/null
