import { Field, Float, Int, ObjectType } from "type-graphql";
import { Node } from "../../graph/model/node.js";
import { BigIntScalar, DateTimeScalar } from "../../graph/model/scalars.js";
import { textOrNull, time } from "../../graph/model/upstream-values.js";
import { AsyncStatus } from "../shared/async-status.js";
import { Reference, referencesTo } from "../shared/reference.type.js";
import { FanSpeedUnit, HostState, HostStatus, IommuStatus, MaintenanceState } from "./host.enums.js";
import { HostCapacity } from "./host-capacity.js";

/** Source: `get-hosts`. */
@ObjectType("Host", { implements: Node, description: "A host of a cluster." })
export class Host extends HostCapacity {
  static override readonly typename = "Host";
  static override readonly entity = "Host";

  @Field(() => String, { description: "Name of the host." })
  get name(): string {
    return this.row.name ?? "";
  }

  @Field(() => String, { nullable: true, description: "Management address." })
  get managementIp(): string | null {
    return textOrNull(this.row.management_ip);
  }

  @Field(() => HostStatus.type, { description: "State of the host." })
  get status(): string {
    return HostStatus.fromUpstream(this.row.status);
  }

  @Field(() => String, { nullable: true, description: "Model of the machine." })
  get model(): string | null {
    return textOrNull(this.row.model);
  }

  @Field(() => String, { nullable: true, description: "The host's id within its cluster." })
  get localId(): string | null {
    return textOrNull(this.row.local_id);
  }

  @Field(() => HostState.type, { description: "Whether the host takes part in its cluster." })
  get state(): string {
    return HostState.fromUpstream(this.row.state);
  }

  @Field(() => String, { nullable: true, description: "Serial number of the machine." })
  get serial(): string | null {
    return textOrNull(this.row.serial);
  }

  @Field(() => String, { nullable: true, description: "Version of the operating system." })
  get osVersion(): string | null {
    return textOrNull(this.row.os_version);
  }

  @Field(() => String, { nullable: true, description: "Brand of the CPUs." })
  get cpuBrand(): string | null {
    return textOrNull(this.row.cpu_brand);
  }

  @Field(() => String, { nullable: true, description: "CPU model that VMs can have at most." })
  get cpuModel(): string | null {
    return textOrNull(this.row.cpu_model);
  }

  @Field(() => String, { nullable: true, description: "Maker of the CPUs." })
  get cpuVendor(): string | null {
    return textOrNull(this.row.cpu_vendor);
  }

  @Field(() => [String], { description: "CPU models that VMs can have." })
  get compatibleCpuModels(): readonly string[] {
    return this.row.compatible_cpu_models ?? [];
  }

  @Field(() => [Float], { description: "Speeds of the CPU fans, in `cpuFanSpeedUnit`." })
  get cpuFanSpeeds(): readonly number[] {
    return this.row.cpu_fan_speed ?? [];
  }

  @Field(() => FanSpeedUnit.type, { nullable: true, description: "What the fan speeds count." })
  get cpuFanSpeedUnit(): string | null {
    return FanSpeedUnit.fromUpstreamOrNull(this.row.cpu_fan_speed_unit);
  }

  @Field(() => [Int], { description: "Temperatures of the CPUs, in degrees Celsius." })
  get cpuTemperaturesCelsius(): readonly number[] {
    return this.row.cpu_temperature_celsius ?? [];
  }

  @Field(() => String, { nullable: true, description: "Address in the storage network." })
  get dataIp(): string | null {
    return textOrNull(this.row.data_ip);
  }

  @Field(() => String, { nullable: true, description: "Address in the access network." })
  get accessIp(): string | null {
    return textOrNull(this.row.access_ip);
  }

  @Field(() => String, { nullable: true, description: "Address of the hypervisor." })
  get hypervisorIp(): string | null {
    return textOrNull(this.row.hypervisor_ip);
  }

  @Field(() => String, { nullable: true, description: "Address in the migration network." })
  get vmotionIp(): string | null {
    return textOrNull(this.row.vmotion_ip);
  }

  @Field(() => String, { nullable: true, description: "Id of the host's part of the storage." })
  get chunkId(): string | null {
    return textOrNull(this.row.chunk_id);
  }

  @Field(() => Boolean, { nullable: true, description: "Whether guests may run VMs themselves." })
  get nestedVirtualization(): boolean | null {
    return this.row.nested_virtualization ?? null;
  }

  @Field(() => IommuStatus.type, { nullable: true, description: "Whether devices can be passed through to VMs." })
  get iommu(): string | null {
    return IommuStatus.fromUpstreamOrNull(this.row.iommu);
  }

  @Field(() => Boolean, { nullable: true, description: "Whether the operating system lies on mirrored disks." })
  get osInRaid1(): boolean | null {
    return this.row.is_os_in_raid1 ?? null;
  }

  @Field(() => Boolean, { nullable: true, description: "Whether faster solid-state disks serve as a cache." })
  get fasterSsdAsCache(): boolean | null {
    return this.row.with_faster_ssd_as_cache ?? null;
  }

  @Field(() => Boolean, { nullable: true, description: "Whether disks can be taken out safely while the host runs." })
  get safeDiskUnmount(): boolean | null {
    return this.row.lsm_cap_disk_safe_umount ?? null;
  }

  @Field(() => String, {
    nullable: true,
    description: "Name of the VM that controls the storage, under a foreign hypervisor.",
  })
  get controllerVmName(): string | null {
    return textOrNull(this.row.scvm_name);
  }

  @Field(() => Int, { nullable: true, description: "Virtual CPUs of that VM." })
  get controllerVmCpuCount(): number | null {
    return this.row.scvm_cpu ?? null;
  }

  @Field(() => BigIntScalar, { nullable: true, description: "Memory of that VM, in bytes." })
  get controllerVmMemoryBytes(): number | null {
    return this.row.scvm_memory ?? null;
  }

  @Field(() => [Reference], { description: "GPUs." })
  get gpuDevices(): Reference[] {
    return referencesTo(this.row.gpu_devices);
  }

  @Field(() => [Reference], { description: "USB devices." })
  get usbDevices(): Reference[] {
    return referencesTo(this.row.usb_devices);
  }

  @Field(() => [Reference], { description: "NICs." })
  get hostNics(): Reference[] {
    return referencesTo(this.row.nics);
  }

  @Field(() => [Reference], { description: "Physical disks." })
  get physicalDisks(): Reference[] {
    return referencesTo(this.row.disks);
  }

  @Field(() => [Reference], { description: "Modules of persistent memory." })
  get pmemDimms(): Reference[] {
    return referencesTo(this.row.pmem_dimms);
  }

  @Field(() => AsyncStatus.type, {
    nullable: true,
    description: "What a running task is doing to it; null when none is.",
  })
  get asyncStatus(): string | null {
    return AsyncStatus.fromUpstreamOrNull(this.row.entityAsyncStatus);
  }

  @Field(() => MaintenanceState.type, {
    nullable: true,
    description: "Where the host stands between use and maintenance; null where CloudTower does not tell.",
  })
  get maintenanceState(): string | null {
    return MaintenanceState.fromUpstreamOrNull(this.row.host_state?.state);
  }

  @Field(() => DateTimeScalar, { nullable: true, description: "When the host went into maintenance." })
  get maintenanceSince(): string | null {
    return time(this.row.host_state?.enter_maintenance_time);
  }
}
