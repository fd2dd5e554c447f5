import { Field, Int, ObjectType } from "type-graphql";
import { Node } from "../../graph/model/node.js";
import { BigIntScalar, DateTimeScalar } from "../../graph/model/scalars.js";
import { commaList, textOrNull, time } from "../../graph/model/upstream-values.js";
import { AsyncStatus } from "../shared/async-status.js";
import { Cpu } from "../shared/cpu.type.js";
import { IoPolicy, IoRestriction } from "../shared/io-restriction.js";
import { Reference, referencesTo, referenceTo } from "../shared/reference.type.js";
import { ClockOffset, VmFirmware } from "../shared/vm-configuration.enums.js";
import { GuestOsType, VmStatus, VmToolsStatus, VmUsage, VmVideoType } from "./vm.enums.js";
import { VmUsageFigures } from "./vm-usage.js";

/** Source: `get-vms`. */
@ObjectType("Vm", { implements: Node, description: "A virtual machine." })
export class Vm extends VmUsageFigures {
  static override readonly typename = "Vm";
  static override readonly entity = "Vm";

  @Field(() => String, { description: "Name as shown to users; not unique." })
  get name(): string {
    return this.row.name ?? "";
  }

  @Field(() => String, { nullable: true, description: "Free text." })
  get description(): string | null {
    return this.row.description ?? null;
  }

  @Field(() => VmStatus.type, { description: "Power state." })
  get status(): string {
    return VmStatus.fromUpstream(this.row.status);
  }

  @Field(() => AsyncStatus.type, {
    nullable: true,
    description: "What a running task is doing to the VM; null when none is.",
  })
  get asyncStatus(): string | null {
    return AsyncStatus.fromUpstreamOrNull(this.row.entityAsyncStatus);
  }

  @Field(() => Boolean, { nullable: true, description: "Whether the VM lies in the recycle bin." })
  get inRecycleBin(): boolean | null {
    return this.row.in_recycle_bin ?? null;
  }

  @Field(() => Boolean, { nullable: true, description: "Whether the VM belongs to the system and not to users." })
  get internal(): boolean | null {
    return this.row.internal ?? null;
  }

  @Field(() => Int, { nullable: true, description: "Number of virtual CPUs." })
  get vcpuCount(): number | null {
    return this.row.vcpu ?? null;
  }

  @Field(() => Cpu, { nullable: true, description: "How the virtual CPUs are laid out." })
  get cpu(): Cpu | null {
    return this.row.cpu ?? null;
  }

  @Field(() => BigIntScalar, { nullable: true, description: "Memory in bytes." })
  get memoryBytes(): number | null {
    return this.row.memory ?? null;
  }

  @Field(() => VmFirmware.type, { description: "Firmware." })
  get firmware(): string {
    return VmFirmware.fromUpstream(this.row.firmware);
  }

  @Field(() => Boolean, {
    nullable: true,
    description: "Whether the VM is restarted on another host when its host fails.",
  })
  get highAvailability(): boolean | null {
    return this.row.ha ?? null;
  }

  @Field(() => VmToolsStatus.type, { description: "State of the guest agent, VMTools." })
  get vmToolsStatus(): string {
    return VmToolsStatus.fromUpstream(this.row.vm_tools_status);
  }

  @Field(() => String, { nullable: true, description: "Version of the guest agent." })
  get vmToolsVersion(): string | null {
    return textOrNull(this.row.vm_tools_version);
  }

  @Field(() => String, { nullable: true, description: "Operating system, as the guest agent reports it." })
  get os(): string | null {
    return textOrNull(this.row.os);
  }

  @Field(() => String, { nullable: true, description: "Host name within the guest, as the guest agent reports it." })
  get hostname(): string | null {
    return textOrNull(this.row.hostname);
  }

  @Field(() => [String], { description: "IP addresses of the guest." })
  get ips(): string[] {
    return commaList(this.row.ips);
  }

  @Field(() => String, { nullable: true, description: "The VM's id within its cluster." })
  get localId(): string | null {
    return textOrNull(this.row.local_id);
  }

  @Field(() => DateTimeScalar, { nullable: true, description: "When the VM was created." })
  get createdAt(): string | null {
    return time(this.row.local_created_at);
  }

  @Field(() => String, { nullable: true, description: "CPU model that was chosen for the VM." })
  get cpuModel(): string | null {
    return textOrNull(this.row.cpu_model);
  }

  @Field(() => String, { nullable: true, description: "CPU model that the guest sees." })
  get guestCpuModel(): string | null {
    return textOrNull(this.row.guest_cpu_model);
  }

  @Field(() => String, {
    nullable: true,
    description: "UUID that the VM's firmware shows; null before CloudTower 4.3.",
  })
  get biosUuid(): string | null {
    return textOrNull(this.row.bios_uuid);
  }

  @Field(() => ClockOffset.type, { description: "What the hardware clock shows." })
  get clockOffset(): string {
    return ClockOffset.fromUpstream(this.row.clock_offset);
  }

  @Field(() => Boolean, { nullable: true, description: "Whether the virtual hardware is tuned for Windows." })
  get windowsOptimized(): boolean | null {
    return this.row.win_opt ?? null;
  }

  @Field(() => Boolean, { nullable: true, description: "Whether the guest may run VMs itself." })
  get nestedVirtualization(): boolean | null {
    return this.row.nested_virtualization ?? null;
  }

  @Field(() => Boolean, { nullable: true, description: "Whether the guest can be configured by cloud-init." })
  get cloudInitSupported(): boolean | null {
    return this.row.cloud_init_supported ?? null;
  }

  @Field(() => VmVideoType.type, { nullable: true, description: "Video adapter." })
  get videoType(): string | null {
    return VmVideoType.fromUpstreamOrNull(this.row.video_type);
  }

  @Field(() => GuestOsType.type, { description: "Family of the guest's operating system." })
  get guestOsType(): string {
    return GuestOsType.fromUpstream(this.row.guest_os_type);
  }

  @Field(() => String, { nullable: true, description: "Kernel of the guest, as the guest agent reports it." })
  get kernelInfo(): string | null {
    return textOrNull(this.row.kernel_info);
  }

  @Field(() => [String], { description: "Name servers of the guest." })
  get dnsServers(): string[] {
    return commaList(this.row.dns_servers);
  }

  @Field(() => String, { nullable: true, description: "Address of the host that the VM runs on." })
  get nodeIp(): string | null {
    return textOrNull(this.row.node_ip);
  }

  @Field(() => IoPolicy.type, { nullable: true, description: "What the limits are applied to." })
  get ioPolicy(): string | null {
    return IoPolicy.fromUpstreamOrNull(this.row.io_policy);
  }

  @Field(() => BigIntScalar, {
    nullable: true,
    description: "Limit of the bandwidth of all disks together, in bytes per second.",
  })
  get maxBandwidthBytesPerSecond(): number | null {
    return this.row.max_bandwidth ?? null;
  }

  @Field(() => IoRestriction.type, { nullable: true, description: "How that limit is applied." })
  get maxBandwidthPolicy(): string | null {
    return IoRestriction.fromUpstreamOrNull(this.row.max_bandwidth_policy);
  }

  @Field(() => Int, { nullable: true, description: "Limit of operations per second of all disks together." })
  get maxIops(): number | null {
    return this.row.max_iops ?? null;
  }

  @Field(() => IoRestriction.type, { nullable: true, description: "How that limit is applied." })
  get maxIopsPolicy(): string | null {
    return IoRestriction.fromUpstreamOrNull(this.row.max_iops_policy);
  }

  @Field(() => Boolean, { nullable: true, description: "Whether the VM is protected by a snapshot plan." })
  get protected(): boolean | null {
    return this.row.protected ?? null;
  }

  @Field(() => VmUsage.type, {
    nullable: true,
    description: "What the VM does for the system; null for a VM of users.",
  })
  get usage(): string | null {
    return VmUsage.fromUpstreamOrNull(this.row.vm_usage);
  }

  @Field(() => String, { nullable: true, description: "Name that the VM had before it went into the recycle bin." })
  get originalName(): string | null {
    return textOrNull(this.row.original_name);
  }

  @Field(() => [String], { description: "USB devices that CloudTower lists as not removed." })
  get outUninstallUsb(): readonly string[] {
    return this.row.out_uninstall_usb ?? [];
  }

  @Field(() => DateTimeScalar, { nullable: true, description: "When the VM went into the recycle bin." })
  get deletedAt(): string | null {
    return time(this.row.deleted_at);
  }

  @Field(() => DateTimeScalar, { nullable: true, description: "When the VM was last shut down." })
  get lastShutdownAt(): string | null {
    return time(this.row.last_shutdown_time);
  }

  @Field(() => Reference, { nullable: true, description: "The snapshot plan that takes care of the VM." })
  get snapshotPlan(): Reference | null {
    return referenceTo(this.row.snapshot_plan);
  }

  @Field(() => [Reference], { description: "The backup plans that take care of the VM; empty before CloudTower 4.6." })
  get backupPlans(): Reference[] {
    return referencesTo(this.row.backup_plans);
  }

  @Field(() => [Reference], { description: "The placement groups that the VM belongs to." })
  get placementGroups(): Reference[] {
    return referencesTo(this.row.vm_placement_group);
  }

  @Field(() => [Reference], { description: "GPUs that are passed through to the VM." })
  get gpuDevices(): Reference[] {
    return referencesTo(this.row.gpu_devices);
  }

  @Field(() => [Reference], { description: "USB devices that are passed through to the VM." })
  get usbDevices(): Reference[] {
    return referencesTo(this.row.usb_devices);
  }

  @Field(() => [Reference], { description: "NICs of the host that are passed through to the VM." })
  get hostNics(): Reference[] {
    return referencesTo(this.row.pci_nics);
  }
}
