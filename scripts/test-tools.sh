#!/usr/bin/env bash
# What the whole test suite needs beside Python: a browser, a database server, validators.
set -euo pipefail
cd "$(dirname "$0")/.."

wanted=()
command -v chromium >/dev/null || wanted+=(chromium)
command -v pg_ctlcluster >/dev/null || wanted+=(postgresql)
command -v nginx >/dev/null || wanted+=(nginx-light)
command -v caddy >/dev/null || wanted+=(caddy)
command -v varnishd >/dev/null || wanted+=(varnish)
command -v strace >/dev/null || wanted+=(strace)
command -v curl >/dev/null || wanted+=(curl)
command -v openssl >/dev/null || wanted+=(openssl)
command -v wrk >/dev/null || wanted+=(wrk)
command -v cc >/dev/null || wanted+=(gcc libc6-dev)
command -v java >/dev/null || wanted+=(default-jre-headless)
command -v node >/dev/null || wanted+=(nodejs)
command -v npm >/dev/null || wanted+=(npm)
# For right-to-left and CJK stories in the browser.
fc-list 2>/dev/null | grep -qi 'noto.*arabic' || wanted+=(fonts-noto-core)
fc-list 2>/dev/null | grep -qi 'noto.*cjk' || wanted+=(fonts-noto-cjk)
[ ${#wanted[@]} -eq 0 ] || scripts/packages.sh "${wanted[@]}"

if [ -f package-lock.json ]; then
    stamp=node_modules/.installed
    locked=$(sha256sum < package-lock.json)
    if [ "$(cat "$stamp" 2>/dev/null)" != "$locked" ]; then
        echo "Installing validators into node_modules …"
        PUPPETEER_SKIP_DOWNLOAD=1 npm ci --no-audit --no-fund --loglevel=error
        echo "$locked" > "$stamp"
    fi
fi
