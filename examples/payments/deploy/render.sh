#!/bin/sh
# Fills the placeholders of a template, such as {{S3_BUCKET}}, from the environment:
#     S3_BUCKET=audit deploy/render.sh <template >file
# A name that the environment lacks is an error. A value is never searched for placeholders again.
set -eu
exec awk '{
    line = ""
    while (match($0, /[{][{][A-Z][A-Z0-9_]*[}][}]/)) {
        name = substr($0, RSTART + 2, RLENGTH - 4)
        if (!(name in ENVIRON)) {
            print "render: line " NR ": " name " is not set" >"/dev/stderr"
            exit 1
        }
        line = line substr($0, 1, RSTART - 1) ENVIRON[name]
        $0 = substr($0, RSTART + RLENGTH)
    }
    print line $0
}'
