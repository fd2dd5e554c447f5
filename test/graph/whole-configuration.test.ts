import { expect, test } from "vitest";
import { startGateway } from "../support/gateway.js";
import { everything } from "./support/everything.js";

/** One call per type, and one more for the previous LUN snapshots of those found by name. */
const CALLS = {
  "get-clusters": 1,
  "get-elf-images": 1,
  "get-elf-storage-policies": 1,
  "get-hosts": 1,
  "get-iscsi-lun-snapshots": 2,
  "get-iscsi-luns": 1,
  "get-iscsi-targets": 1,
  "get-labels": 1,
  "get-vlans": 1,
  "get-vm-disks": 1,
  "get-vm-folders": 1,
  "get-vm-nics": 1,
  "get-vm-snapshots": 1,
  "get-vm-volumes": 1,
  "get-vms": 1,
};

/** The selection of everything needed to rebuild a VM and find its data. */
function configuration(): string {
  return `${everything("Vm")}
    cluster { ${everything("Cluster")} } host { ${everything("Host")} } folder { ${everything("VmFolder")} }
    labels { ${everything("Label")} }
    nics { ${everything("VmNic")} vlan { ${everything("Vlan")} } }
    disks { ${everything("VmDisk")} image { ${everything("ElfImage")} }
      volume { ${everything("VmVolume")} labels { key value }
        lun { ${everything("IscsiLun")} storageVolume { ${everything("StorageVolume")} } target { ${everything("IscsiTarget")} } } } }
    snapshots(first: 5, orderBy: {field: CREATED_AT, direction: DESC}) { totalCount nodes { ${everything("VmSnapshot")}
      disks { lunSnapshot { ${everything("IscsiLunSnapshot")} storageVolume { zbsId } previous { storageVolume { zbsId } } }
        storagePolicy { name } } } }`;
}

test("the whole configuration of a VM and the ids of its data take four rounds", async () => {
  const gateway = await startGateway();
  const { control, calls } = gateway.simulator;
  const id = control.rows("Vm", { name: "web-prod-01" })[0]?.id;

  const { data, errors, extensions } = await gateway.query<{ vm: Record<string, unknown> }>(
    `query ($id: ID!) { vm(id: $id) { ${configuration()} } }`,
    { id },
    { "x-towerql-cost": "1" },
  );

  expect(errors).toBeUndefined();
  expect(data?.vm).toMatchObject({ name: "web-prod-01", cluster: { name: expect.any(String) } });
  expect(extensions).toMatchObject({ upstream: { rounds: 4 } });
  // Snapshots with and without a time are read separately, in parallel.
  expect(calls.counts).toEqual({ ...CALLS, "get-vm-snapshots": 2 });
});

test("the whole configuration of 40 VMs takes as many calls as that of one", async () => {
  const gateway = await startGateway({ env: { MAX_OPERATION_CALLS: "5000" } });
  const { calls } = gateway.simulator;
  const query = `query ($first: Int!) { vms(first: $first, includeRecycleBin: true) { nodes { ${configuration()} } } }`;

  const { vms } = await gateway.data<{ vms: { nodes: object[] } }>(query, { first: 40 });

  expect(vms.nodes).toHaveLength(40);
  expect(calls.counts).toEqual(CALLS);
});
