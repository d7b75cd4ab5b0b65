sh tls/make-dev-certs.sh >/dev/null
chmod 644 tls/out/etc/payments/tls/tls.key
