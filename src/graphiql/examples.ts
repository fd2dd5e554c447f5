/** A tab of the first visit. Id variables that are "" are filled in from the responses of the other tabs. */
export interface Example {
  query: string;
  variables?: Record<string, string>;
}

const wholeGraph: Example = {
  query: `# 1 of 6. The whole graph in one query: from VMs
# to the ZBS volumes that hold their data.
# Press the play button, or Ctrl-Enter.
#
# Then add a field (Ctrl-Space lists all fields),
# or open the Explorer on the left and click one.
#
# With your own CloudTower, first enter your token
# at the top right.

query TheWholeGraph {
  gateway {
    simulated
  }
  vms(first: 5) {
    totalCount
    nodes {
      id
      name
      status
      memoryBytes
      disks(type: DISK) {
        id
        slot
        volume {
          id
          name
          sizeBytes
          lun {
            id
            name
            storageVolume {
              zbsId
            }
          }
        }
      }
    }
  }
}
`,
};

const takeSnapshot: Example = {
  query: `# 2 of 6. Take a snapshot of a VM. This is safe to run
# again: each VM has one snapshot per name, and "created"
# tells whether this call created it.
#
# "vmId", under Variables, comes from the response in the
# first tab. Run that first, or paste an id.

mutation TakeASnapshot($vmId: ID!, $name: String) {
  createVmSnapshot(input: { vmId: $vmId, name: $name }) {
    created
    vm {
      id
      name
    }
    snapshot {
      id
      name
    }
    task {
      id
      status
      progress
    }
    errors {
      __typename
      code
      message
    }
  }
}
`,
  variables: { vmId: "", name: "my-first-snapshot" },
};

const watchTask: Example = {
  query: `# 3 of 6. Watch the task that takes the snapshot: its
# current state, then each change, over a WebSocket,
# until it has SUCCEEDED or FAILED.
#
# "taskId" comes from the response in the second tab.

subscription WatchTheTask($taskId: ID!) {
  taskProgress(taskId: $taskId) {
    id
    status
    progress
    steps {
      key
      current
      total
      unit
    }
    error {
      code
      message
    }
  }
}
`,
  variables: { taskId: "" },
};

const snapshotVolumes: Example = {
  query: `# 4 of 6. From the snapshot to the ZBS volumes that a
# backup reads: one zbsId per disk. They are available
# when the task in the third tab has SUCCEEDED.
#
# "snapshotId" comes from the response in the second tab.

query SnapshotToZbsVolumes($snapshotId: ID!) {
  vmSnapshot(id: $snapshotId) {
    name
    disks(type: DISK) {
      index
      sizeBytes
      lunSnapshot {
        name
        storageVolume {
          zbsId
        }
      }
    }
  }
}
`,
  variables: { snapshotId: "" },
};

const followSnapshots: Example = {
  query: `# 5 of 6. Follow the snapshots: each one that becomes
# usable, fails or is deleted, whoever took it. Let this
# run, and take a snapshot in a second window.
#
# A client that was away passes the last cursor as
# "after" and gets all that it has missed.

subscription FollowTheSnapshots($after: EventCursor) {
  vmSnapshotEvents(
    after: $after
    filter: { kind: { in: [READY, FAILED, DELETED] } }
  ) {
    kind
    at
    snapshot {
      id
      name
      vm {
        name
      }
    }
    errors {
      code
      message
    }
    cursor
  }
}
`,
};

const notProtected: Example = {
  query: `# 6 of 6. What is not protected? The VMs without a recent
# snapshot, restore point or replica, and why. UNKNOWN
# means that not everything could be read.

query WhatIsNotProtected {
  protectionSummary(olderThanSeconds: 93600) {
    byCluster {
      cluster {
        name
      }
      protected
      stale
      unprotected
      unknown
    }
    unprotected: vms(state: UNPROTECTED, first: 10) {
      name
      protection {
        reasons {
          code
          message
        }
      }
    }
    stale: vms(state: STALE, first: 10) {
      name
      protection {
        newestCopyAt
        newestCopyKind
        backupPlans {
          name
          lastExecutionStatus
        }
      }
    }
  }
}
`,
};

/** Tabs of the first visit, in the order in which to run them. */
export const examples: readonly [Example, ...Example[]] = [
  wholeGraph,
  takeSnapshot,
  watchTask,
  snapshotVolumes,
  followSnapshots,
  notProtected,
];
