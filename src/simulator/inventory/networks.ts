import type { Builder } from "../rows/builder.js";
import type { StoredRow } from "../store/store.js";

/** Adds a virtual switch with three VLANs to a cluster and returns the VLANs. */
export function addNetworks({ store, random }: Builder, cluster: StoredRow): readonly StoredRow[] {
  const vds = store.insert(
    "Vds",
    {
      id: random.id(),
      bond_mode: "active-backup",
      cluster: cluster.id,
      internal: false,
      local_id: random.uuid(),
      name: "vds-vm",
      ovsbr_name: "ovsbr-vm",
      type: "VM",
      work_mode: "single",
    },
    cluster.id,
  );
  return [0, 120, 130].map((vlan) =>
    store.insert(
      "Vlan",
      {
        id: random.id(),
        local_id: random.uuid(),
        mode_type: "VLAN_ACCESS",
        name: vlan === 0 ? "default" : `vlan-${vlan}`,
        network_ids: [String(vlan)],
        type: "VM",
        vds: vds.id,
        vlan_id: vlan,
      },
      cluster.id,
    ),
  );
}
