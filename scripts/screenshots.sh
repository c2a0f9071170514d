#!/usr/bin/env bash
# Makes the pictures of README.md: the report in a terminal, and the page of `verify --format html`.
# Needs Chromium, and pngquant to make the picture of the page small where it is there.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

SNAPSHOTS=overwrite cargo test --quiet --test readme terminal

verify=$(realpath "${CARGO_TARGET_DIR:-target}/debug/verify")
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
cp -r tests/fixtures/readme/notes "$scratch"
(cd "$scratch" && "$verify" --lang en --format html > page.html) || [ $? = 1 ]
chromium --headless --no-sandbox --disable-gpu --hide-scrollbars --window-size=1100,1120 \
    --user-data-dir="$scratch/profile" --screenshot=docs/images/page.png "file://$scratch/page.html" 2>/dev/null
if command -v pngquant >/dev/null; then
    pngquant --force --skip-if-larger --output docs/images/page.png docs/images/page.png || [ $? = 98 ]
fi
ls -l docs/images
