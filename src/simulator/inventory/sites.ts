import type { Builder } from "../rows/builder.js";
import { addTarget } from "../rows/volume.js";
import type { StoredRow } from "../store/store.js";
import { addHost } from "./hosts.js";
import { addNetworks } from "./networks.js";

/** One cluster with the objects that VMs refer to. */
export interface Site {
  readonly cluster: StoredRow;
  readonly hosts: readonly StoredRow[];
  readonly vlans: readonly StoredRow[];
  readonly images: readonly StoredRow[];
  readonly folders: readonly StoredRow[];
}

/** Adds datacenters and clusters with hosts, networks, images, policies and folders. Three clusters run VMs; the last is storage-only. */
export function addSites(builder: Builder): readonly Site[] {
  const organization = { id: builder.random.id(), name: "SmartX Simulator" };
  const east = addDatacenter(builder, "华东数据中心", organization);
  const north = addDatacenter(builder, "North", organization);
  const hypervisorOnly = builder.store.model.version.has("ClusterType.SMTX_ELF") ? "SMTX_ELF" : "SMTX_OS";
  return [
    addSite(builder, "SH-PROD-01", "SMTX_OS", "10.10.1", 4, east),
    addSite(builder, "上海灾备集群", "SMTX_OS", "10.10.2", 3, east),
    addSite(builder, "BJ-DEV-01", hypervisorOnly, "10.20.1", 3, north),
    addSite(builder, "BJ-BLOCK-01", "SMTX_ZBS", "10.20.2", 3, north),
  ];
}

/** Adds labels, including one in Chinese and one without a value. */
export function addLabels({ store, random }: Builder): readonly StoredRow[] {
  const pairs = [
    ["env", "prod"],
    ["env", "dev"],
    ["backup", "gold"],
    ["部门", "数据库组"],
    ["keep", null],
  ] as const;
  return pairs.map(([key, value]) =>
    store.insert("Label", { id: random.id(), createdAt: "2026-02-01T08:00:00.000Z", key, value }, null),
  );
}

function addDatacenter({ store, random }: Builder, name: string, organization: object): StoredRow {
  return store.insert(
    "Datacenter",
    {
      id: random.id(),
      name,
      organization,
      total_data_capacity: 400 * 2 ** 40,
      used_data_space: 120 * 2 ** 40,
      failure_data_space: 0,
    },
    null,
  );
}

function addSite(
  builder: Builder,
  name: string,
  type: string,
  network: string,
  hostCount: number,
  datacenter: StoredRow,
): Site {
  const { store, random } = builder;
  const id = random.id();
  const cluster = store.insert(
    "Cluster",
    {
      id,
      architecture: "X86_64",
      auto_converge: true,
      connect_state: "CONNECTED",
      current_cpu_model: "Cascadelake-Server",
      datacenters: [datacenter.id],
      disconnected_date: "",
      dns: ["10.20.0.53"],
      enable_tiering: false,
      failure_data_space: 0,
      has_metrox: false,
      hypervisor: "ELF",
      ip: `${network}.10`,
      is_all_flash: type !== "SMTX_ELF",
      iscsi_vip: `${network}.11`,
      license_expire_date: "2029-12-31T00:00:00.000Z",
      license_serial: random.uuid(),
      license_sign_date: "2024-01-15T00:00:00.000Z",
      license_type: "SUBSCRIPTION",
      local_id: random.uuid(),
      maintenance_end_date: "",
      maintenance_start_date: "",
      management_vip: `${network}.12`,
      max_chunk_num: 255,
      max_physical_data_capacity: 256 * 2 ** 40,
      max_physical_data_capacity_per_node: 128 * 2 ** 40,
      mgt_gateway: `${network}.1`,
      mgt_netmask: "255.255.255.0",
      migration_data_size: 0,
      migration_speed: 0,
      name,
      ntp_mode: "EXTERNAL",
      ntp_servers: ["ntp.example"],
      nvme_over_rdma_enabled: false,
      nvme_over_tcp_enabled: type === "SMTX_ZBS",
      nvmf_enabled: type === "SMTX_ZBS",
      pmem_enabled: false,
      provisioned_cpu_cores: hostCount * 41,
      provisioned_cpu_cores_for_active_vm: hostCount * 30,
      provisioned_for_active_vm_ratio: 0.94,
      provisioned_memory_bytes: hostCount * 260 * 2 ** 30,
      provisioned_ratio: 1.28,
      rdma_enabled: false,
      recommended_cpu_models: ["Cascadelake-Server"],
      recover_data_size: 0,
      recover_speed: 0,
      reserved_cpu_cores_for_system_service: hostCount * 6,
      software_edition: "ENTERPRISE",
      stretch: false,
      used_cache_space: hostCount * 2 ** 40,
      valid_cache_space: hostCount * 2 * 2 ** 40,
      total_cache_capacity: hostCount * 2 * 2 ** 40,
      total_cpu_cores: hostCount * 32,
      total_cpu_hz: hostCount * 32 * 2_600_000_000,
      total_cpu_models: ["Cascadelake-Server", "Skylake-Server"],
      total_cpu_sockets: hostCount * 2,
      total_data_capacity: hostCount * 60 * 2 ** 40,
      total_memory_bytes: hostCount * 512 * 2 ** 30,
      type,
      upgrade_tool_version: "1.8.0",
      used_cpu_hz: hostCount * 9_120_000_000.5,
      used_data_space: hostCount * 21 * 2 ** 40,
      used_memory_bytes: hostCount * 201 * 2 ** 30,
      valid_data_space: hostCount * 60 * 2 ** 40,
      version: type === "SMTX_ZBS" ? "5.6.2" : "6.2.0",
      vhost_enabled: true,
    },
    id,
  );
  const hosts = Array.from({ length: hostCount }, (_, index) =>
    addHost(builder, cluster, `${network}.${21 + index}`, index),
  );
  for (const replicas of [2, 3]) addPolicy(builder, cluster, replicas);
  addTarget(builder, {
    cluster: id,
    name: `${type === "SMTX_ZBS" ? "physical" : "external"}-${network}`,
    internal: false,
  });
  const images = ["openEuler-22.03-x86_64.iso", "SMTX_VMTOOLS-4.0.1.iso", "中标麒麟V10.iso"].map((image) =>
    addImage(builder, cluster, image),
  );
  const folders = ["生产", "test"].map((folder) =>
    store.insert("VmFolder", { id: random.id(), cluster: id, local_id: random.uuid(), name: folder }, id),
  );
  return { cluster, hosts, vlans: addNetworks(builder, cluster), images, folders };
}

function addPolicy({ store, random }: Builder, cluster: StoredRow, replicas: number): void {
  store.insert(
    "ElfStoragePolicy",
    {
      id: random.id(),
      cluster: cluster.id,
      description: "",
      // As in the real product, it ends with the id that frozen disks have.
      local_id: `${cluster.values.local_id}:${random.uuid()}`,
      name: `${replicas} replicas, thin`,
      replica_num: replicas,
      stripe_num: 8,
      stripe_size: 256 * 1024,
      thin_provision: true,
    },
    cluster.id,
  );
}

function addImage({ store, random }: Builder, cluster: StoredRow, name: string): StoredRow {
  const localId = random.uuid();
  return store.insert(
    "ElfImage",
    {
      id: random.id(),
      cluster: cluster.id,
      description: "",
      local_created_at: "2026-01-20T03:00:00.000Z",
      local_id: localId,
      name,
      path: `/usr/share/smartx/images/${localId}`,
      size: random.int(300, 6000) * 2 ** 20,
    },
    cluster.id,
  );
}
