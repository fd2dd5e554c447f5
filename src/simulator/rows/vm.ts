import type { StoredRow, Values } from "../store/store.js";
import { iso } from "../tasks/clock.js";
import type { Builder } from "./builder.js";

/** A new VM; other fields have typical values. */
export interface VmPlan {
  readonly cluster: string;
  readonly name: string;
  readonly at: number;
  readonly status?: string;
  readonly tools?: string;
  readonly host?: StoredRow | undefined;
  readonly folder?: StoredRow | undefined;
  readonly labels?: readonly string[];
  readonly ips?: string;
  readonly windows?: boolean;
  /** Values that override the typical ones. */
  readonly fields?: Values;
}

/** Adds a VM without disks and NICs. A VM that is not running has no host. */
export function addVm({ store, random }: Builder, plan: VmPlan): StoredRow {
  const { cluster, name, status = "STOPPED", tools = "NOT_INSTALLED", windows = false } = plan;
  const running = status === "RUNNING";
  const cores = random.pick([1, 2, 4, 8, 16]);
  const usage = (min: number, max: number) => (running ? random.int(min, max) / 100 : null);
  const guest = tools === "RUNNING";
  return store.insert(
    "Vm",
    {
      id: random.id(),
      anti_malware_enabled: false,
      bios_uuid: random.uuid(),
      clock_offset: windows ? "LOCALTIME" : "UTC",
      cloud_init_supported: !windows,
      cluster,
      cpu: { cores, sockets: 1 },
      cpu_model: "cluster_default",
      cpu_usage: usage(1, 80),
      deleted_at: null,
      description: "",
      dpi_enabled: false,
      dns_servers: guest ? "10.20.0.53,10.20.0.54" : "",
      firmware: windows ? "UEFI" : "BIOS",
      folder: plan.folder?.id ?? null,
      guest_cpu_model: null,
      guest_os_type: windows ? "WINDOWS" : guest ? "LINUX" : "UNKNOWN",
      guest_size_usage: guest ? random.int(5, 90) / 100 : null,
      guest_used_size: guest ? random.int(2, 40) * 2 ** 30 : null,
      ha: true,
      ha_priority: "LEVEL_2_MEDIUM",
      host: running ? (plan.host?.id ?? null) : null,
      hostname: guest ? `host-${random.hex(6)}` : "",
      in_recycle_bin: false,
      internal: false,
      io_policy: null,
      ips: guest ? (plan.ips ?? "") : "",
      kernel_info: guest && !windows ? "5.10.0-136.12.0.86.oe2203sp1.x86_64" : "",
      labels: plan.labels ?? [],
      last_shutdown_time: status === "STOPPED" ? iso(plan.at + 86_400_000) : "",
      local_created_at: iso(plan.at),
      local_id: random.uuid(),
      memory: cores * 2 * 2 ** 30,
      memory_usage: usage(10, 95),
      name,
      nested_virtualization: false,
      node_ip: running ? String(plan.host?.values.management_ip ?? "") : "",
      original_name: null,
      os: guest ? (windows ? "Microsoft Windows Server 2022 Standard" : "openEuler 22.03 (LTS-SP1)") : "",
      protected: false,
      status,
      vcpu: cores,
      video_type: "VGA",
      vm_tools_status: tools,
      vm_tools_version: guest ? "4.0.1" : "",
      win_opt: windows,
      ...plan.fields,
    },
    cluster,
  );
}

/** Moves a VM to the recycle bin, where CloudTower gives it another name. */
export function recycleVm({ store }: Pick<Builder, "store">, vm: StoredRow, at: number): void {
  const { name, local_id: localId } = vm.values;
  const renamed = { name: `in-recycle-bin-${localId}`, original_name: name };
  store.patch(vm, { ...renamed, in_recycle_bin: true, deleted_at: iso(at) });
}

/** Sets the VM's sizes to the sums over its volumes. */
export function sumSizes({ store }: Pick<Builder, "store">, vm: StoredRow): void {
  const volumes = [...store.referrers("VmDisk", "vm", vm.id)].flatMap(
    (disk) => store.get("VmVolume", disk.values.vm_volume) ?? [],
  );
  const sum = (field: string) => volumes.reduce((total, volume) => total + Number(volume.values[field]), 0);
  const provisioned = sum("size");
  store.patch(vm, {
    logical_size_bytes: sum("used_size"),
    provisioned_size: provisioned,
    size: sum("unique_size"),
    unique_logical_size: sum("unique_logical_size"),
    unique_size: sum("unique_size"),
    used_size: sum("used_size"),
    used_size_usage: provisioned === 0 ? 0 : sum("used_size") / provisioned,
  });
}
