/** Ids in the responses of the example operations, under the names of the variables that take them. */
export interface ResponseIds {
  vmId?: string;
  taskId?: string;
  snapshotId?: string;
}

interface ExampleResponse {
  data?: {
    vms?: { nodes?: VmNode[] } | null;
    createVmSnapshot?: { task?: { id?: string } | null; snapshot?: { id?: string } | null } | null;
  } | null;
}

interface VmNode {
  id?: string;
  disks?: { volume?: { lun?: { storageVolume?: unknown } | null } | null }[];
}

/** Reads ids from responses as the response pane shows them. Ignores anything but responses of the examples. */
export function responseIds(responses: readonly (string | null)[]): ResponseIds {
  const ids: ResponseIds = {};
  for (const response of responses) {
    const data = parseResponse(response)?.data;
    const vmId = vmToSnapshot(data?.vms?.nodes)?.id;
    const taskId = data?.createVmSnapshot?.task?.id;
    const snapshotId = data?.createVmSnapshot?.snapshot?.id;
    if (vmId) ids.vmId = vmId;
    if (taskId) ids.taskId = taskId;
    if (snapshotId) ids.snapshotId = snapshotId;
  }
  return ids;
}

/** The first VM with a ZBS volume, or else the first VM: without disks, the last example would show nothing. */
function vmToSnapshot(vms: VmNode[] | undefined): VmNode | undefined {
  return vms?.find((vm) => vm.disks?.some((disk) => disk.volume?.lun?.storageVolume)) ?? vms?.[0];
}

function parseResponse(response: string | null): ExampleResponse | undefined {
  try {
    return JSON.parse(response ?? "") ?? undefined;
  } catch {
    // Empty, or an error that GraphiQL shows as plain text.
    return undefined;
  }
}
