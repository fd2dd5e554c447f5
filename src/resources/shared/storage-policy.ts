import { defineEnum } from "../../graph/connections/define-enum.js";

/** Redundancy and provisioning of data. */
export const StoragePolicy = defineEnum(
  "StoragePolicy",
  "Number of replicas, and when space is allocated.",
  {
    REPLICA_1_THIN_PROVISION: "One copy; space is allocated on write.",
    REPLICA_1_THICK_PROVISION: "One copy; space is allocated immediately.",
    REPLICA_2_THIN_PROVISION: "Two replicas; space is allocated on write.",
    REPLICA_2_THICK_PROVISION: "Two replicas; space is allocated immediately.",
    REPLICA_3_THIN_PROVISION: "Three replicas; space is allocated on write.",
    REPLICA_3_THICK_PROVISION: "Three replicas; space is allocated immediately.",
    ELF_CP_REPLICA_2_THIN_PROVISION: "Two replicas, thin, under a hypervisor policy.",
    ELF_CP_REPLICA_2_THICK_PROVISION: "Two replicas, thick, under a hypervisor policy.",
    ELF_CP_REPLICA_3_THIN_PROVISION: "Three replicas, thin, under a hypervisor policy.",
    ELF_CP_REPLICA_3_THICK_PROVISION: "Three replicas, thick, under a hypervisor policy.",
    EC: "Erasure coding.",
  },
  { contract: "VmVolumeElfStoragePolicyType" },
);
