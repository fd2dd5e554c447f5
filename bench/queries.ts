const VM_GRAPH = `
  id name status memoryBytes
  disks {
    id boot bus type
    volume { id name sizeBytes lun { id name storageVolume { zbsId } } }
  }`;

/** Five levels in one query: VM, disk, volume, LUN, ZBS volume. */
export const GRAPH_QUERY = `query Graph($first: Int!) { vms(first: $first) { nodes { ${VM_GRAPH} } } }`;

/** The same graph page by page. */
export const PAGE_QUERY = `query Page($first: Int!, $after: String) {
  vms(first: $first, after: $after) { nodes { ${VM_GRAPH} } pageInfo { hasNextPage endCursor } }
}`;

/** The query of a backup product: the ZBS volumes of snapshots. */
export const SNAPSHOTS_QUERY = `query Snapshots($first: Int!) {
  vmSnapshots(first: $first) {
    nodes { id name vm { id name } disks { type lunSnapshot { id name storageVolume { zbsId } } } }
  }
}`;

/** Needs no upstream call: its latency shows how long the event loop is blocked. */
export const TRIVIAL_QUERY = "{ __typename }";
