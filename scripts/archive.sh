#!/usr/bin/env bash
# Packs what a release is made of for one system: scripts/archive.sh TARGET PROGRAMS FOLDER
# takes the programs from the folder PROGRAMS and writes FOLDER/verify-notes-TARGET.tar.gz.
# Cargo.toml tells `cargo binstall` that name and where the programs lie in it.
set -euo pipefail
target=$1
programs=$(realpath "$2")
mkdir -p "$3"
out=$(realpath "$3")
cd "$(dirname "${BASH_SOURCE[0]}")/.."

name="verify-notes-$target"
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
mkdir "$scratch/$name"
cp "$programs/verify" "$programs/verify-python" "$scratch/$name"
cp README.md CHANGELOG.md LICENSE-APACHE LICENSE-MIT packaging/data/share/man/man1/*.1 "$scratch/$name"
tar -czf "$out/$name.tar.gz" -C "$scratch" "$name"
