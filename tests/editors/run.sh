#!/usr/bin/env bash
# run.sh [extension] [vscode] [neovim]: the clients in client-config, tested in the real editors; all three parts when
# none is named. README.md says what is tested, what is installed and what the environment may change.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
repository=$(cd "$here/../.." && pwd)
extension=$repository/client-config/vscode
python=${PYTHON:-python3}
# shellcheck source=tools.sh
. "$here/tools.sh"

parts=("$@")
[ ${#parts[@]} -gt 0 ] || parts=(extension vscode neovim)
for part in "${parts[@]}"; do
    case $part in extension | vscode | neovim) ;; *) fail "no part named $part; there are extension, vscode and neovim" ;; esac
done

export APIM_POLICY=${APIM_POLICY:-$repository/.venv/bin/apim-policy}
export SAMPLE=${SAMPLE:-$repository/examples/orders-mcp}
export FAILURES_TO=$cache/failures
export SCREENSHOTS_TO=
[ "${SCREENSHOTS:-}" = 1 ] && SCREENSHOTS_TO=$repository/docs/images
server=${APIM_POLICY%% *}
command -v "$server" >/dev/null || fail "no server: $server cannot be run; set it up first, or set APIM_POLICY"
case $server in
/*) ;;
# The editors run elsewhere.
*/*) APIM_POLICY=$PWD/$APIM_POLICY ;;
esac
[ -f "$SAMPLE/apis/orders-mcp/policy.xml" ] || fail "no workspace to test with: $SAMPLE has no apis/orders-mcp/policy.xml"
command -v "$python" >/dev/null || fail "no $python: set PYTHON to a Python that can make virtual environments"

# Two runs at once share the tools; they install one after the other.
mkdir -p "$cache"
exec 9>"$cache/lock"
command -v flock >/dev/null && flock 9
export PATH=$cache/node/bin:$PATH
install_debian_packages
install_node
install_neovim
install_code_server
install_packages 'the extension' "$extension"
install_packages 'the tests' "$here/vscode"
exec 9>&-

export CODE_SERVER=$code_server
export VSIX=$extension/apim-policy.vsix
export CSHARP_GRAMMAR=${code_server%/out/*}/lib/vscode/extensions/csharp/syntaxes/csharp.tmLanguage.json
CHROMIUM=$(find_chromium)
export CHROMIUM
[ -n "$CHROMIUM" ] || fail 'no Chromium: set CHROMIUM to its path'

passed=0
failed=0

# part LABEL COMMAND…: runs it, shows what it prints, and adds up the line "N passed, N failed" in it.
part() {
    local label=$1 counts log
    shift
    log=$(mktemp)
    printf '\n== %s\n' "$label"
    "$@" 2>&1 | tee "$log" || true
    counts=$(grep -E '^[0-9]+ passed, [0-9]+ failed$' "$log" | tail -n 1 || true)
    rm -f "$log"
    if [[ $counts =~ ^([0-9]+)\ passed,\ ([0-9]+)\ failed$ ]]; then
        passed=$((passed + BASH_REMATCH[1]))
        failed=$((failed + BASH_REMATCH[2]))
    else
        say "$label broke off"
        failed=$((failed + 1))
    fi
}

unit_tests() {
    local report
    report=$(mktemp)
    node --test --test-reporter=dot --test-reporter-destination=stdout \
        --test-reporter=tap --test-reporter-destination="$report" "$here"/vscode/unit/*.test.mjs || true
    awk '$1 == "#" && $2 == "pass" { p = $3 } $1 == "#" && $2 == "fail" { f = $3 }
         END { print (p == "" ? 0 : p) " passed, " (f == "" ? 1 : f) " failed" }' "$report"
    rm -f "$report"
}

in_vscode() {
    local log=$cache/package.log
    if ! npm --prefix "$extension" run --silent package >"$log" 2>&1; then
        cat "$log"
        say 'the extension could not be packed'
        say '0 passed, 1 failed'
        return
    fi
    node "$here/vscode/relay.mjs"
}

for part in "${parts[@]}"; do
    case $part in
    extension) part 'The extension without an editor' unit_tests ;;
    vscode) part "VS Code (code-server $code_server_version)" in_vscode ;;
    neovim)
        for editor in "$nvim" $(command -v nvim || true); do
            part "$("$editor" --version | head -n 1)" "$here/neovim/run.sh" "$editor" "$SAMPLE"
        done
        ;;
    esac
done

printf '\n%s passed, %s failed\n' "$passed" "$failed"
[ "$failed" -eq 0 ]
