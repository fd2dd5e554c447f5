#!/usr/bin/env bash
# Takes a snapshot of a VM for a backup, waits until its data can be read, and prints the ZBS volumes to read.
#
#   docs/examples/backup.sh <VM name> <snapshot name>
#
# Reads TOWERQL_URL (default http://localhost:4000/graphql) and TOWERQL_TOKEN. Needs bash, curl, grep and sed.
# Safe to run again with the same names: it finds the same snapshot. Exits with 0 if the volumes can be read.
set -euo pipefail

url=${TOWERQL_URL:-http://localhost:4000/graphql}
vm_name=${1:?usage: backup.sh VM-NAME SNAPSHOT-NAME}
snapshot_name=${2:?usage: backup.sh VM-NAME SNAPSHOT-NAME}

# Sends an operation; further arguments go to curl. Names must not contain quotes or backslashes.
graphql() {
  local body=$1
  shift
  curl --silent --show-error --fail-with-body --max-time 900 "$url" \
    -H 'content-type: application/json' ${TOWERQL_TOKEN:+-H "authorization: $TOWERQL_TOKEN"} "$@" -d "$body"
}

# Values of a string field, one per line.
texts() { grep -o "\"$1\":\"[^\"]*\"" | sed "s/^\"$1\":\"//; s/\"\$//" || true; }

vm_id=$(graphql '{
  "query": "query ($name: String!) { vms(filter: {name: {eq: $name}}) { nodes { id } } }",
  "variables": { "name": "'"$vm_name"'" }
}' | texts id)
[ "$(wc -w <<<"$vm_id")" = 1 ] || { echo "found none or several VMs named $vm_name" >&2; exit 1; }

# Retry after a lost connection or an unknown outcome, for some minutes: the same call finds the same snapshot.
repeatable='WRITE_OUTCOME_UNKNOWN|WRITE_QUEUED|WRITE_NOT_SENT|GATEWAY_STOPPING|UPSTREAM_FAILED|SNAPSHOT_UNMATCHED'
response=
for attempt in {1..30}; do
  response=$(graphql '{
    "query": "mutation ($input: CreateVmSnapshotInput!) { createVmSnapshot(input: $input) { snapshot { snapshotId: id } consistency errors { code message } } }",
    "variables": { "input": { "vmId": "'"$vm_id"'", "name": "'"$snapshot_name"'", "onLocked": "WAIT", "maxWaitSeconds": 120 } }
  }') && ! grep -qE "$repeatable" <<<"$response" && break
  sleep $((attempt < 10 ? attempt : 10))
done
snapshot_id=$(texts snapshotId <<<"$response")
[ -n "$snapshot_id" ] || { texts message <<<"$response" >&2; exit 1; }
echo "snapshot $snapshot_id" >&2

# One event, when the data can be read; comments keep the connection alive until then. Subscribe again if the stream is lost.
event=
for attempt in 1 2 3 4 5; do
  event=$(graphql '{
    "query": "subscription ($id: ID!) { vmSnapshotReady(snapshotId: $id) { ready errors { code message } snapshot { disks(type: DISK) { lunSnapshot { storageVolume { zbsId } } } } } }",
    "variables": { "id": "'"$snapshot_id"'" }
  }' --no-buffer -H 'accept: text/event-stream') || true
  grep -q '"vmSnapshotReady":{' <<<"$event" && break
  sleep "$attempt"
done
grep -q '"ready":true' <<<"$event" || { texts message <<<"$event" >&2; exit 1; }
texts zbsId <<<"$event"
