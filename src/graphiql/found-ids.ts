/** The ids that one example's answer gives to another's variables, under the name of the variable. */
export interface FoundIds {
  vmId?: string;
  taskId?: string;
  snapshotId?: string;
}

interface Answer {
  data?: {
    vms?: { nodes?: VmNode[] } | null;
    createVmSnapshot?: { task?: { id?: string } | null; snapshot?: { id?: string } | null } | null;
  } | null;
}

interface VmNode {
  id?: string;
  disks?: { volume?: { lun?: { storageVolume?: unknown } | null } | null }[];
}

/** Reads the ids out of answers as the response pane shows them. Whatever is no answer of an example gives nothing. */
export function foundIds(responses: readonly (string | null)[]): FoundIds {
  const found: FoundIds = {};
  for (const response of responses) {
    const data = parseAnswer(response)?.data;
    const vmId = vmWorthASnapshot(data?.vms?.nodes)?.id;
    const taskId = data?.createVmSnapshot?.task?.id;
    const snapshotId = data?.createVmSnapshot?.snapshot?.id;
    if (vmId) found.vmId = vmId;
    if (taskId) found.taskId = taskId;
    if (snapshotId) found.snapshotId = snapshotId;
  }
  return found;
}

/** The first VM that has a ZBS volume, because a snapshot of one without disks leaves nothing to see in the last tab. */
function vmWorthASnapshot(vms: VmNode[] | undefined): VmNode | undefined {
  return vms?.find((vm) => vm.disks?.some((disk) => disk.volume?.lun?.storageVolume)) ?? vms?.[0];
}

function parseAnswer(response: string | null): Answer | undefined {
  try {
    return JSON.parse(response ?? "") ?? undefined;
  } catch {
    // Empty, or an error that GraphiQL shows as plain text.
    return undefined;
  }
}
