# shellcheck shell=bash
# What scripts/client and scripts/dashboard share; sourced by them, in the root of the checkout. Sets `node`.
#
# Programs are called by path, not through npm: a pinned Node is none that the machine's npm knows.

node=$(scripts/node)

# Waits until no other build or test works on what the packages share (client/dist, node_modules). Until `unlock`.
lock() {
  exec 9> web/.lock
  flock 9
}

unlock() {
  exec 9>&-
}

# Installs what the lockfile of a folder names, if that is not there yet. Nothing of a package runs meanwhile.
install() {
  cmp --quiet "$1/package-lock.json" "$1/node_modules/installed.json" && return
  command -v npm >/dev/null || { echo "${0##*/}: npm is missing: run scripts/setup test" >&2; exit 1; }
  (cd "$1" && npm ci --ignore-scripts --prefer-offline --no-audit --no-fund --loglevel=error >&2)
  cp "$1/package-lock.json" "$1/node_modules/installed.json"
}

# Builds the client package. Expects the lock.
build_client() {
  install web/client
  rm -rf web/client/dist
  "$node" web/client/node_modules/typescript/bin/tsc -p web/client/tsconfig.build.json
}

need_gateway() {
  [[ -n ${GATEWAY_BIN-} ]] || { echo "${0##*/}: GATEWAY_BIN has to name the binary of the gateway" >&2; exit 1; }
}
