# Both lines of pgx, the module's and its go.mod's: a merge that went wrong.
grep -v '^github.com/jackc/pgx/v5 ' go.sum >go.sum.merged
mv go.sum.merged go.sum
