#!/usr/bin/env python3
"""Takes a snapshot of a VM for a backup, waits until its data can be read, and prints the ZBS volumes to read.

    docs/examples/backup.py <VM name> <snapshot name>

Reads TOWERQL_URL (default http://localhost:4000/graphql), TOWERQL_TOKEN, and TOWERQL_TIMEOUT_SECONDS (default 180), after which a
request is repeated. Needs Python 3.8 and nothing else. Safe to run again with the same names: it finds the same snapshot. Exits with 0
if the volumes can be read.
"""

import http.client
import json
import os
import sys
import time
import urllib.error
import urllib.request

URL = os.environ.get("TOWERQL_URL", "http://localhost:4000/graphql")
TOKEN = os.environ.get("TOWERQL_TOKEN")
TIMEOUT_SECONDS = float(os.environ.get("TOWERQL_TIMEOUT_SECONDS", "180"))
# The gateway sends a heartbeat every 12 s: a stream without a byte for longer is lost.
SILENCE_SECONDS = min(40, TIMEOUT_SECONDS)
PATIENCE_SECONDS = 300

FIND_VM = "query ($name: String!) { vms(filter: {name: {eq: $name}}) { nodes { id } } }"
TAKE_SNAPSHOT = """mutation ($input: CreateVmSnapshotInput!) {
  createVmSnapshot(input: $input) { snapshot { id } errors { code message } } }"""
WAIT_UNTIL_READY = """subscription ($id: ID!) { vmSnapshotReady(snapshotId: $id) {
  ready errors { code message } snapshot { disks(type: DISK) { lunSnapshot { storageVolume { zbsId } } } } } }"""

# Failures that a repetition of the same call resolves.
REPEATABLE = {
    "RESOURCE_LOCKED",
    "WRITE_OUTCOME_UNKNOWN",
    "WRITE_QUEUED",
    "WRITE_NOT_SENT",
    "GATEWAY_STOPPING",
    "UPSTREAM_FAILED",
    "SNAPSHOT_UNMATCHED",
}
TRANSIENT = {"RATE_LIMITED", "UPSTREAM_TIMEOUT", "UPSTREAM_UNAVAILABLE"}


class Again(Exception):
    """Another attempt may succeed."""


def send(query, variables, timeout, accept):
    headers = {"content-type": "application/json", "accept": accept}
    if TOKEN:
        headers["authorization"] = TOKEN
    body = json.dumps({"query": query, "variables": variables}).encode()
    try:
        return urllib.request.urlopen(urllib.request.Request(URL, body, headers), timeout=timeout)
    except urllib.error.HTTPError as error:
        if error.code in (429, 500, 502, 503, 504):
            time.sleep(min(int(error.headers.get("retry-after") or 0), 60))
            raise Again(f"HTTP {error.code}") from error
        # A refused operation has its reason in the body.
        return error


def data_of(result):
    errors = result.get("errors")
    if not errors:
        return result["data"]
    message = "\n".join(error["message"] for error in errors)
    if any(error.get("extensions", {}).get("code") in TRANSIENT for error in errors):
        raise Again(message)
    sys.exit(message)


def execute(query, variables):
    with send(query, variables, TIMEOUT_SECONDS, "application/json") as response:
        return data_of(json.load(response))


def first_event(query, variables):
    with send(query, variables, SILENCE_SECONDS, "text/event-stream") as response:
        for line in response:
            if line.startswith(b"data: "):
                return data_of(json.loads(line[6:]))
    raise Again("the stream ended without an event")


def repeat(attempt):
    """Repeats an attempt after a lost connection, a restart of the gateway, or a refusal for its rate."""
    until = time.monotonic() + PATIENCE_SECONDS
    pause = 0.5
    while True:
        try:
            return attempt()
        except (Again, OSError, http.client.HTTPException, json.JSONDecodeError) as error:
            if time.monotonic() + pause > until:
                sys.exit(str(error))
        time.sleep(pause)
        pause = min(2 * pause, 10)


def find_vm(name):
    nodes = execute(FIND_VM, {"name": name})["vms"]["nodes"]
    if len(nodes) != 1:
        sys.exit(f"{len(nodes)} VMs are named {name}: the name must be unique")
    return nodes[0]["id"]


def take_snapshot(vm_id, name):
    """VM and name identify the snapshot, so the call can be repeated whatever became of it."""
    order = {"vmId": vm_id, "name": name, "consistency": "FILE_SYSTEM_CONSISTENT"}
    order.update(onToolsNotRunning="CRASH_CONSISTENT", onLocked="WAIT", maxWaitSeconds=120)
    payload = execute(TAKE_SNAPSHOT, {"input": order})["createVmSnapshot"]
    message = "\n".join(error["message"] for error in payload["errors"])
    if any(error["code"] in REPEATABLE for error in payload["errors"]):
        raise Again(message)
    if payload["snapshot"] is None:
        sys.exit(message)
    return payload["snapshot"]["id"]


def main():
    if len(sys.argv) != 3:
        sys.exit("usage: backup.py <VM name> <snapshot name>")
    vm_name, snapshot_name = sys.argv[1:]
    vm_id = repeat(lambda: find_vm(vm_name))
    snapshot_id = repeat(lambda: take_snapshot(vm_id, snapshot_name))
    print(f"snapshot {snapshot_id}", file=sys.stderr)
    event = repeat(lambda: first_event(WAIT_UNTIL_READY, {"id": snapshot_id}))["vmSnapshotReady"]
    if not event["ready"]:
        sys.exit("\n".join(error["message"] for error in event["errors"]))
    for disk in event["snapshot"]["disks"]:
        print(disk["lunSnapshot"]["storageVolume"]["zbsId"])


if __name__ == "__main__":
    main()
