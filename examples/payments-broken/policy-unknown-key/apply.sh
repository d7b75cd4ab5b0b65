cat >>goward.toml <<'END'

[tlz]
min_days = 30
END
