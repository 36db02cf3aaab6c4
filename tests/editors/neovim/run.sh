#!/usr/bin/env bash
# run.sh NVIM WORKSPACE: the founding case in that Neovim, on a copy of the workspace. run.sh one folder up calls it
# with APIM_POLICY, the command of the server, in the environment.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
nvim=$1
workspace=$2
home=$(mktemp -d)
trap 'rm -rf "$home"' EXIT

cp -r "$workspace" "$home/orders-mcp"
cp -r "$here/../samples" "$home/orders-mcp/notes"
# A user's own configuration, as the README of the client tells to write it.
mkdir -p "$home/config/nvim/plugin"
cp "$here/../../../client-config/neovim/apim-policy.lua" "$home/config/nvim/plugin/"
cat >"$home/config/nvim/init.lua" <<'LUA'
vim.g.apim_policy_cmd = vim.split(vim.env.APIM_POLICY .. " lsp", "%s+")
LUA

export HOME=$home XDG_CONFIG_HOME=$home/config XDG_DATA_HOME=$home/data XDG_STATE_HOME=$home/state XDG_CACHE_HOME=$home/cache
cd "$home/orders-mcp"
status=0
timeout -k 5 120 "$nvim" --headless -n -c "luafile $here/relay.lua" </dev/null 2>"$home/stderr" || status=$?
if [ "$status" -ne 0 ]; then
    cat "$home/stderr" >&2
    find "$home" -name '*.log' -exec tail -n 20 {} + >&2
fi
exit "$status"
