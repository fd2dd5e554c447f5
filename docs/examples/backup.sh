#!/usr/bin/env bash
# Takes a snapshot of a VM for a backup, waits until its data can be read, and prints the ZBS volumes to read.
#
#   docs/examples/backup.sh <VM name> <snapshot name>
#
# Reads TOWERQL_URL (default http://localhost:4000/graphql), TOWERQL_TOKEN, and TOWERQL_TIMEOUT_SECONDS (default 300), after which a
# request or a stream is repeated. Needs bash, curl, grep and sed.
# Safe to run again with the same names: it finds the same snapshot. Exits with 0 if the volumes can be read.
set -euo pipefail

url=${TOWERQL_URL:-http://localhost:4000/graphql}
vm_name=${1:?usage: backup.sh VM-NAME SNAPSHOT-NAME}
snapshot_name=${2:?usage: backup.sh VM-NAME SNAPSHOT-NAME}
case "$vm_name$snapshot_name" in *[\"\\]*) echo 'names must not contain " or \' >&2; exit 2 ;; esac

# Sends an operation; further arguments go to curl.
graphql() {
  local body=$1
  shift
  curl --silent --show-error --fail-with-body --keepalive-time 20 --max-time "${TOWERQL_TIMEOUT_SECONDS:-300}" "$url" \
    -H 'content-type: application/json' ${TOWERQL_TOKEN:+-H "authorization: $TOWERQL_TOKEN"} "$@" -d "$body"
}

# Values of a string field, one per line.
texts() { grep -oE "\"$1\":\"([^\"\\\\]|\\\\.)*\"" | sed -E "s/^\"$1\":\"//; s/\"\$//; s/\\\\([\"\\\\])/\\1/g" || true; }

# Retries for some minutes: after a lost connection, a restart of the gateway, or a refusal for its rate.
final='UNAUTHENTICATED|FORBIDDEN|NOT_FOUND|BAD_USER_INPUT|BAD_REQUEST|GRAPHQL_VALIDATION_FAILED'
response=
again() {
  local attempt
  for attempt in {1..30}; do
    "$@" && return
    ! grep -qE "\"code\":\"($final)\"" <<<"$response" || return 1
    sleep $((attempt < 10 ? attempt : 10))
  done
  return 1
}

find_vm() {
  response=$(graphql '{
    "query": "query ($name: String!) { vms(filter: {name: {eq: $name}}) { nodes { id } } }",
    "variables": { "name": "'"$vm_name"'" }
  }')
}

# The same call finds the same snapshot, so it can be repeated whatever became of it.
repeatable='RESOURCE_LOCKED|WRITE_OUTCOME_UNKNOWN|WRITE_QUEUED|WRITE_NOT_SENT|GATEWAY_STOPPING|UPSTREAM_FAILED|SNAPSHOT_UNMATCHED'
take_snapshot() {
  response=$(graphql '{
    "query": "mutation ($input: CreateVmSnapshotInput!) { createVmSnapshot(input: $input) { snapshot { snapshotId: id } consistency errors { code message } } }",
    "variables": { "input": {
      "vmId": "'"$vm_id"'", "name": "'"$snapshot_name"'", "consistency": "FILE_SYSTEM_CONSISTENT",
      "onToolsNotRunning": "CRASH_CONSISTENT", "onLocked": "WAIT", "maxWaitSeconds": 120
    } }
  }') && ! grep -qE "\"code\":\"($repeatable)\"" <<<"$response"
}

# One event, when the data can be read; a new stream begins with the current state.
wait_until_ready() {
  response=$(graphql '{
    "query": "subscription ($id: ID!) { vmSnapshotReady(snapshotId: $id) { ready errors { code message } snapshot { disks(type: DISK) { lunSnapshot { storageVolume { zbsId } } } } } }",
    "variables": { "id": "'"$snapshot_id"'" }
  }' --no-buffer -H 'accept: text/event-stream') || true
  grep -q '"vmSnapshotReady":{' <<<"$response"
}

fail() { texts message <<<"$response" >&2; exit 1; }

again find_vm || fail
vm_id=$(texts id <<<"$response")
[ "$(wc -w <<<"$vm_id")" = 1 ] || { echo "found none or several VMs named $vm_name" >&2; exit 1; }

again take_snapshot || fail
snapshot_id=$(texts snapshotId <<<"$response")
[ -n "$snapshot_id" ] || fail
echo "snapshot $snapshot_id" >&2

again wait_until_ready || fail
grep -q '"ready":true' <<<"$response" || fail
texts zbsId <<<"$response"
