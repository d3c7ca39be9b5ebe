#!/usr/bin/env bash
# Installs what the tests marked `tools` need, from Debian's packages and npm: promtool, prometheus, kcat,
# docker-compose, AsyncAPI's parser, the schemas of Kubernetes, KEDA and Prometheus' operator.
# What is there already is left alone. Run as root on Debian or Ubuntu; elsewhere install the same by your own means.
set -euo pipefail
cd "$(dirname "$0")/.."

missing=()
command -v promtool >/dev/null && command -v prometheus >/dev/null || missing+=(prometheus)
command -v kcat >/dev/null || missing+=(kcat)
docker compose version >/dev/null 2>&1 || command -v docker-compose >/dev/null || missing+=(docker-compose)
command -v npm >/dev/null || missing+=(nodejs npm)
if [ ${#missing[@]} -gt 0 ]; then
  export DEBIAN_FRONTEND=noninteractive
  apt-get update -qq
  apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
fi
npm ci --ignore-scripts --no-audit --no-fund --loglevel=error
