/** A tab that a newcomer finds: an operation, and the variables it asks for. An id that is "" is filled in from the answers of the other tabs. */
export interface Example {
  query: string;
  variables?: Record<string, string>;
}

const wholeGraph: Example = {
  query: `# 1 of 4. The whole graph, in one call: from a VM
# down to the ZBS volume that holds its data.
# Press the play button, or Ctrl-Enter.
#
# Then add a field (Ctrl-Space lists what there is),
# or open the Explorer on the left and click one.
#
# With a CloudTower of your own, first write your token
# under Headers: { "Authorization": "<token>" }

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
        boot
        bus
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
  query: `# 2 of 4. Take a snapshot of a VM. It is safe to run
# again: for one VM and name there is one snapshot, and
# "created" says whether it was this call that made it.
#
# "vmId", under Variables, comes from the answer in the
# first tab. Run that first, or paste an id of your own.

mutation TakeASnapshot($vmId: ID!, $name: String) {
  createVmSnapshot(input: { vmId: $vmId, name: $name }) {
    created
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
  query: `# 3 of 4. Watch the task that makes the snapshot: its
# state at once, then each change, over a WebSocket,
# until it has SUCCEEDED or FAILED.
#
# "taskId" comes from the answer in the second tab.

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
  query: `# 4 of 4. From the snapshot to the ZBS volumes that a
# backup reads: one zbsId for each disk. They appear
# when the task of the third tab has SUCCEEDED.
#
# "snapshotId" comes from the answer in the second tab.

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

/** The tabs of a first visit, in the order in which a newcomer runs them. */
export const examples: readonly [Example, ...Example[]] = [wholeGraph, takeSnapshot, watchTask, snapshotVolumes];
