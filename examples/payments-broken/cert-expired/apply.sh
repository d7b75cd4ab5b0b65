TLS_VALIDITY="-startdate 20240101000000Z -enddate 20250101000000Z" \
    sh tls/make-dev-certs.sh >/dev/null
