import { Field, ObjectType } from "type-graphql";
import { Listing } from "../../graph/connections/listing.js";
import { boolean, bytes, floats, integer, integers, requiredText, text, texts, time } from "../../graph/model/codec.js";
import { columnsOf, withArrival } from "../../graph/model/column.js";
import { Node } from "../../graph/model/node.js";
import { DateTimeScalar } from "../../graph/model/scalars.js";
import { AsyncStatus } from "../shared/async-status.js";
import { type Reference, references } from "../shared/reference.type.js";
import {
  FanSpeedUnit,
  HostConnectStatus,
  HostMergedStatus,
  HostState,
  HostStatus,
  IommuStatus,
  MaintenanceState,
} from "./host.enums.js";
import { HostCapacity } from "./host-capacity.js";

const column = columnsOf("Host");

/** Source: `get-hosts`. */
@ObjectType("Host", { implements: Node, description: "A host of a cluster." })
export class Host extends HostCapacity {
  static override readonly typename = "Host";
  static override readonly entity = "Host";

  @column("name", requiredText, "Name of the host.", { filter: true })
  readonly name!: string;

  @column("management_ip", text, "Management IP address.", { filter: true })
  readonly managementIp!: string | null;

  @column("status", HostStatus, "State of the host.", { filter: true })
  readonly status!: string;

  @column("connect_status", HostConnectStatus.orNull, "Whether CloudTower is connected to the host.", { filter: true })
  readonly connectStatus!: string | null;

  @column("merged_status", HostMergedStatus.orNull, "State of the host, combined with its connection.", {
    filter: true,
  })
  readonly mergedStatus!: string | null;

  @column("model", text, "Hardware model.", { filter: true })
  readonly model!: string | null;

  @column("local_id", text, "The host's id within its cluster.", { filter: true })
  readonly localId!: string | null;

  @column("state", HostState, "Whether the host is in use.", { filter: true })
  readonly state!: string;

  @column("serial", text, "Hardware serial number.", { filter: true })
  readonly serial!: string | null;

  @column("os_version", text, "Operating system version.")
  readonly osVersion!: string | null;

  @column("cpu_brand", text, "CPU brand.")
  readonly cpuBrand!: string | null;

  @column("cpu_model", text, "Most advanced CPU model available to VMs.", { filter: true })
  readonly cpuModel!: string | null;

  @column("cpu_vendor", text, "CPU vendor.")
  readonly cpuVendor!: string | null;

  @column("compatible_cpu_models", texts, "CPU models available to VMs.")
  readonly compatibleCpuModels!: readonly string[];

  @column("cpu_fan_speed", floats, "CPU fan speeds, in `cpuFanSpeedUnit`.")
  readonly cpuFanSpeeds!: readonly number[];

  @column("cpu_fan_speed_unit", FanSpeedUnit.orNull, "Unit of `cpuFanSpeeds`.")
  readonly cpuFanSpeedUnit!: string | null;

  @column("cpu_temperature_celsius", integers, "CPU temperatures, in degrees Celsius.")
  readonly cpuTemperaturesCelsius!: readonly number[];

  @column("data_ip", text, "IP address in the storage network.", { filter: true })
  readonly dataIp!: string | null;

  @column("access_ip", text, "IP address in the access network.")
  readonly accessIp!: string | null;

  @column("hypervisor_ip", text, "IP address of the hypervisor.")
  readonly hypervisorIp!: string | null;

  @column("vmotion_ip", text, "IP address in the migration network.")
  readonly vmotionIp!: string | null;

  @column("chunk_id", text, "Id of the host's chunk, its part of the storage.")
  readonly chunkId!: string | null;

  @column("nested_virtualization", boolean, "Whether VMs can run nested VMs.")
  readonly nestedVirtualization!: boolean | null;

  @column("iommu", IommuStatus.orNull, "Whether devices can be passed through to VMs.")
  readonly iommu!: string | null;

  @column("is_os_in_raid1", boolean, "Whether the operating system is on mirrored disks (RAID 1).")
  readonly osInRaid1!: boolean | null;

  @column("with_faster_ssd_as_cache", boolean, "Whether faster SSDs are used as a cache.")
  readonly fasterSsdAsCache!: boolean | null;

  @column("lsm_cap_disk_safe_umount", boolean, "Whether disks can be removed safely while the host is running.")
  readonly safeDiskUnmount!: boolean | null;

  @column("scvm_name", text, "Name of the storage controller VM, on a third-party hypervisor.")
  readonly controllerVmName!: string | null;

  @column("scvm_cpu", integer, "Number of virtual CPUs of the storage controller VM.")
  readonly controllerVmCpuCount!: number | null;

  @column("scvm_memory", bytes, "Memory of the storage controller VM, in bytes.")
  readonly controllerVmMemoryBytes!: number | null;

  @column("gpu_devices", references, "GPUs.")
  readonly gpuDevices!: Reference[];

  @column("usb_devices", references, "USB devices.")
  readonly usbDevices!: Reference[];

  @column("nics", references, "NICs.")
  readonly hostNics!: Reference[];

  @column("disks", references, "Physical disks.")
  readonly physicalDisks!: Reference[];

  @column("pmem_dimms", references, "Persistent memory modules.")
  readonly pmemDimms!: Reference[];

  @column("entityAsyncStatus", AsyncStatus.orNull, "Change in progress; null if none.", { filter: true })
  readonly asyncStatus!: string | null;

  @column.reads("host_state")
  @Field(() => MaintenanceState.type, {
    nullable: true,
    description: withArrival("Maintenance state; null if CloudTower does not report it.", "Host.host_state"),
  })
  get maintenanceState(): string | null {
    return MaintenanceState.orNull.fromUpstream(this.row.host_state?.state);
  }

  @column.reads("host_state")
  @Field(() => DateTimeScalar, {
    nullable: true,
    description: withArrival("When the host entered maintenance.", "Host.host_state"),
  })
  get maintenanceSince(): string | null {
    return time.fromUpstream(this.row.host_state?.enter_maintenance_time);
  }
}

/** Listing of hosts. */
export const hostList = new Listing(Host);
