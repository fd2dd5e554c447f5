import { defineEnum } from "../../graph/connections/define-enum.js";

/** Unit of the interval of a replication plan. */
export const ReplicationPeriod = defineEnum(
  "ReplicationPeriod",
  "What the interval of a replication plan counts.",
  { MINUTELY: "Minutes.", HOURLY: "Hours.", DAILY: "Days.", WEEKLY: "Weeks.", MONTHLY: "Months." },
  { contract: "ReplicationPlanPeriod" },
);

/** What a replication plan copies. */
export const ReplicationPlanType = defineEnum("ReplicationPlanType", "What a replication plan copies.", {
  VM: "VMs.",
  STORAGE_VOLUME: "LUNs and NVMe namespaces.",
});

/** How replicas are named. */
export const ReplicaNameRule = defineEnum("ReplicaNameRule", "How replicas are named.", {
  ORIGIN: "Like the VM.",
  PREFIX: "Like the VM, with a prefix.",
  SUFFIX: "Like the VM, with a suffix.",
});
