import { Field, ObjectType } from "type-graphql";
import { Listing } from "../../graph/connections/listing.js";
import { boolean, bytes, floats, integer, integers, requiredText, text, texts, time } from "../../graph/model/codec.js";
import { columnsOf } from "../../graph/model/column.js";
import { Node } from "../../graph/model/node.js";
import { DateTimeScalar } from "../../graph/model/scalars.js";
import { AsyncStatus } from "../shared/async-status.js";
import { type Reference, references } from "../shared/reference.type.js";
import { FanSpeedUnit, HostState, HostStatus, IommuStatus, MaintenanceState } from "./host.enums.js";
import { HostCapacity } from "./host-capacity.js";

const column = columnsOf("Host");

/** Source: `get-hosts`. */
@ObjectType("Host", { implements: Node, description: "A host of a cluster." })
export class Host extends HostCapacity {
  static override readonly typename = "Host";
  static override readonly entity = "Host";

  @column("name", requiredText, "Name of the host.", { filter: true, order: true })
  readonly name!: string;

  @column("management_ip", text, "Management address.", { filter: true, order: true })
  readonly managementIp!: string | null;

  @column("status", HostStatus, "State of the host.", { filter: true })
  readonly status!: string;

  @column("model", text, "Model of the machine.", { filter: true })
  readonly model!: string | null;

  @column("local_id", text, "The host's id within its cluster.", { filter: true })
  readonly localId!: string | null;

  @column("state", HostState, "Whether the host takes part in its cluster.", { filter: true })
  readonly state!: string;

  @column("serial", text, "Serial number of the machine.", { filter: true })
  readonly serial!: string | null;

  @column("os_version", text, "Version of the operating system.")
  readonly osVersion!: string | null;

  @column("cpu_brand", text, "Brand of the CPUs.")
  readonly cpuBrand!: string | null;

  @column("cpu_model", text, "CPU model that VMs can have at most.", { filter: true })
  readonly cpuModel!: string | null;

  @column("cpu_vendor", text, "Maker of the CPUs.")
  readonly cpuVendor!: string | null;

  @column("compatible_cpu_models", texts, "CPU models that VMs can have.")
  readonly compatibleCpuModels!: readonly string[];

  @column("cpu_fan_speed", floats, "Speeds of the CPU fans, in `cpuFanSpeedUnit`.")
  readonly cpuFanSpeeds!: readonly number[];

  @column("cpu_fan_speed_unit", FanSpeedUnit.orNull, "What the fan speeds count.")
  readonly cpuFanSpeedUnit!: string | null;

  @column("cpu_temperature_celsius", integers, "Temperatures of the CPUs, in degrees Celsius.")
  readonly cpuTemperaturesCelsius!: readonly number[];

  @column("data_ip", text, "Address in the storage network.", { filter: true })
  readonly dataIp!: string | null;

  @column("access_ip", text, "Address in the access network.")
  readonly accessIp!: string | null;

  @column("hypervisor_ip", text, "Address of the hypervisor.")
  readonly hypervisorIp!: string | null;

  @column("vmotion_ip", text, "Address in the migration network.")
  readonly vmotionIp!: string | null;

  @column("chunk_id", text, "Id of the host's part of the storage.")
  readonly chunkId!: string | null;

  @column("nested_virtualization", boolean, "Whether guests may run VMs themselves.")
  readonly nestedVirtualization!: boolean | null;

  @column("iommu", IommuStatus.orNull, "Whether devices can be passed through to VMs.")
  readonly iommu!: string | null;

  @column("is_os_in_raid1", boolean, "Whether the operating system lies on mirrored disks.")
  readonly osInRaid1!: boolean | null;

  @column("with_faster_ssd_as_cache", boolean, "Whether faster solid-state disks serve as a cache.")
  readonly fasterSsdAsCache!: boolean | null;

  @column("lsm_cap_disk_safe_umount", boolean, "Whether disks can be taken out safely while the host runs.")
  readonly safeDiskUnmount!: boolean | null;

  @column("scvm_name", text, "Name of the VM that controls the storage, under a foreign hypervisor.")
  readonly controllerVmName!: string | null;

  @column("scvm_cpu", integer, "Virtual CPUs of that VM.")
  readonly controllerVmCpuCount!: number | null;

  @column("scvm_memory", bytes, "Memory of that VM, in bytes.")
  readonly controllerVmMemoryBytes!: number | null;

  @column("gpu_devices", references, "GPUs.")
  readonly gpuDevices!: Reference[];

  @column("usb_devices", references, "USB devices.")
  readonly usbDevices!: Reference[];

  @column("nics", references, "NICs.")
  readonly hostNics!: Reference[];

  @column("disks", references, "Physical disks.")
  readonly physicalDisks!: Reference[];

  @column("pmem_dimms", references, "Modules of persistent memory.")
  readonly pmemDimms!: Reference[];

  @column("entityAsyncStatus", AsyncStatus.orNull, "What a running task is doing to it; null when none is.", {
    filter: true,
  })
  readonly asyncStatus!: string | null;

  @column.reads("host_state")
  @Field(() => MaintenanceState.type, {
    nullable: true,
    description: "Where the host stands between use and maintenance; null where CloudTower does not tell.",
  })
  get maintenanceState(): string | null {
    return MaintenanceState.orNull.fromUpstream(this.row.host_state?.state);
  }

  @column.reads("host_state")
  @Field(() => DateTimeScalar, { nullable: true, description: "When the host went into maintenance." })
  get maintenanceSince(): string | null {
    return time.fromUpstream(this.row.host_state?.enter_maintenance_time);
  }
}

/** How hosts are listed. */
export const hostList = new Listing(Host);
