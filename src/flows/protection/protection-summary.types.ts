import { Field, Int, ObjectType } from "type-graphql";
import { DateTimeScalar } from "../../graph/model/scalars.js";
import type { Vm } from "../../resources/vm/vm.type.js";
import type { ProtectionState } from "./protection.types.js";

/** The VMs of one cluster by their states. */
@ObjectType("ClusterProtection", { description: "The VMs of a cluster by the states of their protection." })
export class ClusterProtection {
  static readonly typename = "ClusterProtection";

  /** @param anyVm a VM of the cluster, whose row has the cluster's id and name. */
  constructor(readonly anyVm: Vm) {}

  @Field(() => Int, { description: "Number of VMs with a recent copy." })
  protected = 0;

  @Field(() => Int, { description: "Number of VMs whose copies are all old." })
  stale = 0;

  @Field(() => Int, { description: "Number of VMs without a copy." })
  unprotected = 0;

  @Field(() => Int, { description: "Number of VMs of which it is not known." })
  unknown = 0;

  add(state: ProtectionState): void {
    this[COUNTERS[state]] += 1;
  }
}

const COUNTERS = { PROTECTED: "protected", STALE: "stale", UNPROTECTED: "unprotected", UNKNOWN: "unknown" } as const;

/** A VM with its state. */
export interface JudgedState {
  readonly vm: Vm;
  readonly state: ProtectionState;
}

/** The protection of many VMs. */
@ObjectType("ProtectionSummary", {
  description:
    "The protection of all VMs that match. VMs in the recycle bin and VMs of the system (`internal`) are left out.",
})
export class ProtectionSummary {
  static readonly typename = "ProtectionSummary";

  @Field(() => DateTimeScalar, { description: "When the lists were read, by the gateway's clock." })
  readonly checkedAt: string;

  @Field(() => Int, { description: "Number of VMs that were judged." })
  readonly vmCount: number;

  @Field(() => [ClusterProtection], { description: "The VMs by cluster, ordered by the clusters' names." })
  readonly byCluster: readonly ClusterProtection[];

  constructor(
    readonly judged: readonly JudgedState[],
    checkedAtMs: number,
  ) {
    this.checkedAt = new Date(checkedAtMs).toISOString();
    this.vmCount = judged.length;
    const clusters = new Map<string, ClusterProtection>();
    for (const { vm, state } of judged) {
      const id = vm.row.cluster?.id ?? "";
      const cluster = clusters.get(id) ?? new ClusterProtection(vm);
      clusters.set(id, cluster);
      cluster.add(state);
    }
    const nameOf = ({ anyVm: { row } }: ClusterProtection) => `${row.cluster?.name ?? ""} ${row.cluster?.id ?? ""}`;
    this.byCluster = [...clusters.values()].sort((a, b) => (nameOf(a) < nameOf(b) ? -1 : 1));
  }
}
