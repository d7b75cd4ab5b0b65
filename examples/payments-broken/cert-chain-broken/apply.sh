sh tls/make-dev-certs.sh >/dev/null
cd tls/out/etc/payments/tls
openssl x509 -in tls.crt -out leaf.crt # the first of the file
mv leaf.crt tls.crt
