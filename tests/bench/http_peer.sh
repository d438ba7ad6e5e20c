#!/usr/bin/env bash
# fdatasync, nginx and Fastify + pg, as the peers' own scripts set them up: http_peer.sh PEERS_FOLDER
# Their http.sh measures much more; this is what the rows of our table need.
set -euo pipefail
. "$1/lib.sh"
. "$1/pglib.sh"
yardstick 1
modules="$PEERS_DATA/node"
[[ -d $modules/node_modules/fastify && -d $modules/node_modules/pg ]] ||
  { mkdir -p "$modules"; npm install --silent --no-audit --no-fund --prefix "$modules" fastify pg >&2; }
cp "$1/node/http.mjs" "$modules/"

nginx_folder="$PEERS_DATA/nginx"
mkdir -p "$nginx_folder"
cat >"$nginx_folder/nginx.conf" <<C
worker_processes 1; pid $nginx_folder/pid; error_log $nginx_folder/err; daemon off; user www-data;
events { worker_connections 512; }
http { access_log off; keepalive_requests 100000000;
 client_body_temp_path $nginx_folder/b; proxy_temp_path $nginx_folder/p;
 fastcgi_temp_path $nginx_folder/f; uwsgi_temp_path $nginx_folder/u; scgi_temp_path $nginx_folder/s;
 server { listen 127.0.0.1:18080; location / { default_type text/plain; return 200 "ok"; } } }
C
measure() {  # measure NAME UNITS_PER_REQUEST UNIT WRK_ARGUMENT...
  local name=$1 units=$2 unit=$3
  shift 3
  wrk -t1 -d"${SECS}s" --latency "$@" | awk -v n="$name" -v k="$units" -v u="$unit" '
    /Requests\/sec/ { printf "%s: %.6g %s\n", n, $2 * k, u }
    $1 == "50%" || $1 == "99%" { t = $2; s = 1e6; if (sub(/us$/, "", t)) s = 1;
      else if (sub(/ms$/, "", t)) s = 1e3; else sub(/s$/, "", t);
      printf "%s_p%s: %.6g us\n", n, substr($1, 1, 2), t * s }
    /Non-2xx/ { print n "_failed: " $NF " requests" }'
}

trap 'stop_pid ${web:-}; stop_pid ${node:-}; pg_stop' EXIT
nginx -c "$nginx_folder/nginx.conf" -p "$nginx_folder" 2>/dev/null & web=$!
wait_port 18080
measure nginx_c1 1 req/s -c1 http://127.0.0.1:18080/
stop_pid $web
web=
pg_start
$PGB/psql -qAtX -f "$1/sql/schema.sql"
(cd "$modules" && exec node http.mjs postgresql://postgres@127.0.0.1:15432/bench 18081 plain) & node=$!
wait_port 18081
post() { REQ_PATH=/append EVENTS_PER_REQ=$2 measure "$1" "$2" events/s -c"$3" -s "$4/node/post.lua" http://127.0.0.1:18081/; }
post fastify_pg_append_c64 1 64 "$1"
post fastify_pg_append_batch100_c8 100 8 "$1"
