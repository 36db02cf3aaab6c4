#!/usr/bin/env bash
# Renders icon.svg to icon.png with Chromium (or CHROMIUM).
set -euo pipefail
cd "$(dirname "$0")"
"${CHROMIUM:-chromium}" --headless --no-sandbox --disable-gpu --hide-scrollbars --window-size=256,256 \
    --default-background-color=00000000 --screenshot=icon.png "file://$PWD/icon.svg" 2>/dev/null
