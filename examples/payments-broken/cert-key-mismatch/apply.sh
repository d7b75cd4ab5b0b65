sh tls/make-dev-certs.sh >/dev/null
cd tls/out/etc/payments/tls
openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 2>/dev/null >other.key
cat other.key >tls.key # keeps the mode
rm other.key
