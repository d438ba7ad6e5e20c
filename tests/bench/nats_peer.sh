#!/usr/bin/env bash
# NATS JetStream's ordered consumer over 300,000 messages, as the peers' own script measures it:
# nats_peer.sh PEERS_FOLDER
set -euo pipefail
. "$1/lib.sh"
build_cc natsb natsb.c -lnats -lpthread
folder="$PEERS_DATA/nats-rows"
rm -rf "$folder"
mkdir -p "$folder"
trap 'stop_pid ${server:-}; rm -rf "$folder"' EXIT
nats-server -a 127.0.0.1 -p 14222 -js -sd "$folder" -l "$folder/log" & server=$!
wait_port 14222
sleep 1
"$BIN/natsb" pubasync nats://127.0.0.1:14222 name=nats n=300000
"$BIN/natsb" replay nats://127.0.0.1:14222 name=nats
