/** The exact version in which something arrived, where the vendor's release notes, SDKs and other documents agree on one. */
export const exactVersions = {
  2.3: ["/get-version", "VmVolumeSnapshot", "VmVolume.type"],
  2.5: ["NestedHost.management_ip"],
  "3.0": [
    ...of("entityAsyncStatus", "Host VmVolume VmVolumeSnapshot"),
    ...in_("User", "auth_config_id display_username"),
    "UserSource.AUTHN",
    ...in_("Vlan", "mode_type network_ids qos_max_bandwidth qos_min_bandwidth qos_priority"),
  ],
  3.3: [
    "ErrorBody.code",
    ...in_("Host", "allocable_cpu_cores_for_vm_exclusive gpu_devices host_state iommu"),
    ...in_("Label", "gpu_device_num gpu_devices vm_volume_snapshot_num vm_volume_snapshots"),
    ...in_("Vm", "gpu_devices pci_nics"),
    ...in_(
      "VmNic",
      "egress_rate_limit_burst_in_bit egress_rate_limit_enabled egress_rate_limit_max_rate_in_bitps " +
        "ingress_rate_limit_burst_in_bit ingress_rate_limit_enabled ingress_rate_limit_max_rate_in_bitps",
    ),
    ...in_("VmVolumeSnapshot", "elf_storage_policy labels volume_sharing volume_size"),
  ],
  4.1: [
    ...of("unique_logical_size", "Vm VmVolume IscsiLun NvmfNamespace"),
    ...in_("NestedLabel", "key value"),
    ...in_("VmNic", "type vpc_nic"),
  ],
  4.2: ["Vm.bios_uuid"],
  4.4: ["Vlan.qos_burst"],
  4.5: ["NestedFrozenVlan.network_ids", "Vm.backup_plans"],
  4.6: ["/resource-changes", ...of("used_size used_size_usage", "Vm VmVolume")],
  4.8: [
    ...of("resiliency_type ec_k ec_m", "IscsiLun IscsiLunSnapshot IscsiTarget NvmfNamespace NvmfNamespaceSnapshot"),
    ...of("encrypt_method prioritized", "IscsiLun IscsiTarget NvmfNamespace"),
    ...of("snapshot_group", "IscsiLunSnapshot NvmfNamespaceSnapshot"),
    ...of(
      "elf_storage_policy_ec_k elf_storage_policy_ec_m elf_storage_policy_replica_num elf_storage_policy_stripe_num " +
        "elf_storage_policy_thin_provision",
      "VmVolume VmVolumeSnapshot",
    ),
    ...in_("Vm", "anti_malware_enabled dpi_enabled ha_priority internal_product"),
    "VmNic.guest_info_ip_addresses",
    ...in_("Host", "connect_status merged_status"),
    "ConnectState.CONNECTED_ERROR",
    ...in_("VmUsage", "CLOUDTOWER_PASSIVE CLOUDTOWER_WITNESS"),
    "NetworkType.ERSPAN",
  ],
};

/** Members of one type. */
function in_(type, members) {
  return members.split(" ").map((member) => `${type}.${member}`);
}

/** The same members of several types. */
function of(members, types) {
  return types.split(" ").flatMap((type) => in_(type, members));
}
