TLS_KEY="RSA -pkeyopt rsa_keygen_bits:1024" sh tls/make-dev-certs.sh >/dev/null
