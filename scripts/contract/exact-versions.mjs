/** The exact version in which something arrived, where the vendor's release notes, SDKs and other documents agree on one. */
export const exactVersions = {
  2.3: ["/get-version", "VmVolumeSnapshot", "VmVolume.type"],
  2.5: ["NestedHost.management_ip"],
  "3.0": [
    ...inTypes("entityAsyncStatus", "Host VmVolume VmVolumeSnapshot"),
    ...inType("User", "auth_config_id display_username"),
    "UserSource.AUTHN",
    ...inType("Vlan", "mode_type network_ids qos_max_bandwidth qos_min_bandwidth qos_priority"),
  ],
  3.3: [
    "ErrorBody.code",
    ...inType("Host", "allocable_cpu_cores_for_vm_exclusive gpu_devices host_state iommu"),
    ...inType("Label", "gpu_device_num gpu_devices vm_volume_snapshot_num vm_volume_snapshots"),
    ...inType("Vm", "gpu_devices pci_nics"),
    ...inType(
      "VmNic",
      "egress_rate_limit_burst_in_bit egress_rate_limit_enabled egress_rate_limit_max_rate_in_bitps " +
        "ingress_rate_limit_burst_in_bit ingress_rate_limit_enabled ingress_rate_limit_max_rate_in_bitps",
    ),
    ...inType("VmVolumeSnapshot", "elf_storage_policy labels volume_sharing volume_size"),
  ],
  4.1: [
    ...inTypes("unique_logical_size", "Vm VmVolume IscsiLun NvmfNamespace"),
    ...inType("NestedLabel", "key value"),
    ...inType("VmNic", "type vpc_nic"),
  ],
  4.2: ["Vm.bios_uuid"],
  4.4: ["Vlan.qos_burst"],
  4.5: ["NestedFrozenVlan.network_ids", "Vm.backup_plans"],
  4.6: ["/resource-changes", ...inTypes("used_size used_size_usage", "Vm VmVolume")],
  4.8: [
    ...inTypes(
      "resiliency_type ec_k ec_m",
      "IscsiLun IscsiLunSnapshot IscsiTarget NvmfNamespace NvmfNamespaceSnapshot",
    ),
    ...inTypes("encrypt_method prioritized", "IscsiLun IscsiTarget NvmfNamespace"),
    ...inTypes("snapshot_group", "IscsiLunSnapshot NvmfNamespaceSnapshot"),
    ...inTypes(
      "elf_storage_policy_ec_k elf_storage_policy_ec_m elf_storage_policy_replica_num elf_storage_policy_stripe_num " +
        "elf_storage_policy_thin_provision",
      "VmVolume VmVolumeSnapshot",
    ),
    ...inType("Vm", "anti_malware_enabled dpi_enabled ha_priority internal_product"),
    "VmNic.guest_info_ip_addresses",
    ...inType("Host", "connect_status merged_status"),
    "ConnectState.CONNECTED_ERROR",
    ...inType("VmUsage", "CLOUDTOWER_PASSIVE CLOUDTOWER_WITNESS"),
    "NetworkType.ERSPAN",
  ],
};

/** Members of one type. */
function inType(type, members) {
  return members.split(" ").map((member) => `${type}.${member}`);
}

/** The same members of several types. */
function inTypes(members, types) {
  return types.split(" ").flatMap((type) => inType(type, members));
}
