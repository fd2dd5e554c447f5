import { defineEnum } from "../../graph/connections/define-enum.js";

/** State of a replica. */
export const ReplicaState = defineEnum(
  "ReplicaState",
  "State of a replica.",
  {
    NOT_READY: "There is nothing yet that could be failed over to.",
    REPLICATING: "Data is being copied.",
    READY: "The replica can be failed over to.",
    FAILOVER_TEST: "The failover is being tested.",
    FAILOVER: "The replica has taken the place of its origin.",
    PERMANENT_FAILOVER: "The replica has taken the place of its origin for good.",
    FAILBACK: "The data is being copied back to the origin.",
  },
  { contract: "ReplicaVmState" },
);

/** Kind of a replicated object. */
export const ReplicationObjectType = defineEnum("ReplicationObjectType", "Kind of a replicated object.", {
  VM: "A VM.",
  ISCSI_LUN: "A LUN.",
  NVMF_NAMESPACE: "An NVMe namespace.",
  CONSISTENCY_GROUP: "A consistency group.",
});
