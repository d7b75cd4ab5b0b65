#!/bin/sh
# Makes broken copies of examples/payments, each broken in one way.
#     break.sh --list       the ways
#     break.sh NAME DIR     a copy in DIR, which must not exist yet
#     break.sh --all DIR    all of them, in DIR/NAME
# A break is a folder payments-broken/NAME: `describe` says what is wrong, and change.patch or
# apply.sh (run in the copy) makes it so. Certificates are made by openssl, never kept here: for the
# cert-* ways run `goward check --root tls/out` in the copy.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
breaks=$here/payments-broken

die() {
    echo "break.sh: $*" >&2
    exit 2
}

list() {
    for way in "$breaks"/*/; do
        name=$(basename "$way")
        printf '%-26s %s\n' "$name" "$(cat "$way/describe")"
    done
}

# The subshell keeps the change of folder.
make_copy() (
    way=$breaks/$1 dir=$2
    [ -f "$way/describe" ] || die "no break is called $1; --list shows them"
    [ ! -e "$dir" ] || die "$dir exists"
    mkdir -p "$(dirname "$dir")"
    cp -R "$here/payments" "$dir"
    cd "$dir"
    rm -rf bin tls/out
    if [ -f "$way/change.patch" ]; then
        # Without the ceiling git would take a repository around DIR for the patch's root.
        GIT_CEILING_DIRECTORIES=$(dirname "$(pwd -P)") git apply "$way/change.patch"
    else
        sh "$way/apply.sh"
    fi
)

case "$#:${1-}" in
1:--list) list ;;
2:--all)
    for way in "$breaks"/*/; do
        name=$(basename "$way")
        make_copy "$name" "$2/$name"
    done
    ;;
2:-*) die "no such option: $1" ;;
2:*) make_copy "$1" "$2" ;;
*)
    echo "usage: break.sh --list | NAME DIR | --all DIR" >&2
    exit 2
    ;;
esac
