cat >>goward.toml <<'END'

[[waiver]]
check = "replace-outside"
fingerprint = "0123456789abcdef"
reason = "fork until upstream releases the fix"
owner = "payments-team"
expires = 2099-12-31
END
