import { Field, ObjectType, registerEnumType } from "type-graphql";

/** Why a snapshot is not deleted although it was looked at. */
export const KeepReasonCode = {
  NAME: "NAME",
  NOT_EXPIRED: "NOT_EXPIRED",
  SEEN_TOO_LATELY: "SEEN_TOO_LATELY",
  OWNER: "OWNER",
  BASE: "BASE",
  VM_UNKNOWN: "VM_UNKNOWN",
  AGE_UNKNOWN: "AGE_UNKNOWN",
  PLAN: "PLAN",
  LOCKED: "LOCKED",
  TASK: "TASK",
} as const;
registerEnumType(KeepReasonCode, {
  name: "VmSnapshotKeepReasonCode",
  description: "Why a snapshot is kept.",
  valuesConfig: {
    NAME: { description: "Its name does not begin with REAPER_NAME_PREFIX. Only the reaper goes by names." },
    NOT_EXPIRED: { description: "It has no lease, or one that has not expired, or whether it has is not known." },
    SEEN_TOO_LATELY: {
      description:
        "The gateway has not known for REAPER_GRACE_HOURS that the lease has expired. A restart of the gateway starts that time again.",
    },
    OWNER: { description: "It does not have exactly one label that names an owner, or it names another one." },
    BASE: { description: "It is the newest usable snapshot of its VM and owner, or none is known to be newer." },
    VM_UNKNOWN: { description: "Its VM is gone or not visible: it may be the last copy of the data." },
    AGE_UNKNOWN: { description: "CloudTower does not say when it was taken." },
    PLAN: { description: "A snapshot plan took it." },
    LOCKED: { description: "It, or its VM, is being changed." },
    TASK: { description: "A task that has not ended acts on it or on its VM." },
  },
});

/** Why a snapshot is kept. */
@ObjectType("VmSnapshotKeepReason", { description: "Why a snapshot is kept." })
export class KeepReason {
  @Field(() => KeepReasonCode, { description: "The reason, for programs." })
  readonly code: keyof typeof KeepReasonCode;

  @Field(() => String, { description: "The reason, for people." })
  readonly message: string;

  constructor(code: keyof typeof KeepReasonCode, message: string) {
    this.code = code;
    this.message = message;
  }
}
