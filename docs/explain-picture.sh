#!/bin/sh
# Draws docs/explain.png, the picture of the README: a part of the page of "microgpt explain" for the reference run.
# Build first: mvn -B package -DskipTests. Needs Chromium; the picture is as it
# draws the page with the fonts of this machine.
set -eu

folder=$(cd "$(dirname "$0")" && pwd)
for browser in chromium chromium-browser google-chrome chrome; do
    if command -v "$browser" >/dev/null; then
        break
    fi
done
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
"$folder/../microgpt" train --out "$work/run" >/dev/null
"$folder/../microgpt" explain "$work/run" --text emma --out "$work/explain.html"
"$browser" --headless=new --no-sandbox --disable-gpu --hide-scrollbars --user-data-dir="$work/profile" \
    --window-size=980,1120 --screenshot="$folder/explain.png" "file://$work/explain.html#attention/0/1/4" 2>/dev/null
