import { defineEnum } from "../../graph/connections/define-enum.js";

/** How data is kept redundant. */
export const StoragePolicy = defineEnum("StoragePolicy", "How many replicas are kept, and when space is taken.", {
  REPLICA_1_THIN_PROVISION: "One copy; space is taken when it is written.",
  REPLICA_1_THICK_PROVISION: "One copy; space is taken at once.",
  REPLICA_2_THIN_PROVISION: "Two replicas; space is taken when it is written.",
  REPLICA_2_THICK_PROVISION: "Two replicas; space is taken at once.",
  REPLICA_3_THIN_PROVISION: "Three replicas; space is taken when it is written.",
  REPLICA_3_THICK_PROVISION: "Three replicas; space is taken at once.",
  ELF_CP_REPLICA_2_THIN_PROVISION: "Two replicas, thin, under a policy of the hypervisor.",
  ELF_CP_REPLICA_2_THICK_PROVISION: "Two replicas, thick, under a policy of the hypervisor.",
  ELF_CP_REPLICA_3_THIN_PROVISION: "Three replicas, thin, under a policy of the hypervisor.",
  ELF_CP_REPLICA_3_THICK_PROVISION: "Three replicas, thick, under a policy of the hypervisor.",
  EC: "Erasure coding.",
});
