import { Field, Int, ObjectType } from "type-graphql";
import { Node } from "../../graph/model/node.js";
import { BigIntScalar } from "../../graph/model/scalars.js";
import { textOrNull } from "../../graph/model/upstream-values.js";
import { AsyncStatus } from "../shared/async-status.js";
import { IoLimited } from "../shared/io-limited.js";

/** Source: `get-iscsi-targets`. Its CHAP names and secrets are never shown. */
@ObjectType("IscsiTarget", {
  implements: Node,
  description: "An iSCSI target: what initiators log in to, with LUNs behind it.",
})
export class IscsiTarget extends IoLimited<"IscsiTarget"> {
  static override readonly typename = "IscsiTarget";
  static override readonly entity = "IscsiTarget";

  @Field(() => String, { description: "Name of the target." })
  get name(): string {
    return this.row.name ?? "";
  }

  @Field(() => String, { nullable: true, description: "Free text." })
  get description(): string | null {
    return this.row.description ?? null;
  }

  @Field(() => String, { nullable: true, description: "iSCSI qualified name." })
  get iqnName(): string | null {
    return textOrNull(this.row.iqn_name);
  }

  @Field(() => Boolean, {
    nullable: true,
    description: "Whether the target belongs to the system: those of VM volumes do.",
  })
  get internal(): boolean | null {
    return this.row.internal ?? null;
  }

  @Field(() => Boolean, {
    nullable: true,
    description: "Whether the target is there for machines outside the cluster.",
  })
  get externalUse(): boolean | null {
    return this.row.external_use ?? null;
  }

  @Field(() => String, { nullable: true, description: "Which addresses may log in, as CloudTower writes it." })
  get ipWhitelist(): string | null {
    return textOrNull(this.row.ip_whitelist);
  }

  @Field(() => String, { nullable: true, description: "Which initiators may log in, as CloudTower writes it." })
  get iqnWhitelist(): string | null {
    return textOrNull(this.row.iqn_whitelist);
  }

  @Field(() => Boolean, { nullable: true, description: "Whether initiators must prove who they are." })
  get chapEnabled(): boolean | null {
    return this.row.chap_enabled ?? null;
  }

  @Field(() => Int, { nullable: true, description: "Number of replicas that new LUNs get." })
  get replicaCount(): number | null {
    return this.row.replica_num ?? null;
  }

  @Field(() => Int, { nullable: true, description: "Number of stripes that new LUNs get." })
  get stripeCount(): number | null {
    return this.row.stripe_num ?? null;
  }

  @Field(() => BigIntScalar, { nullable: true, description: "Size of a stripe that new LUNs get, in bytes." })
  get stripeSizeBytes(): number | null {
    return this.row.stripe_size ?? null;
  }

  @Field(() => Boolean, { nullable: true, description: "Whether new LUNs take space only when it is written." })
  get thinProvisioned(): boolean | null {
    return this.row.thin_provision ?? null;
  }

  @Field(() => String, { nullable: true, description: "The target's id on the storage side." })
  get localId(): string | null {
    return textOrNull(this.row.local_id);
  }

  @Field(() => AsyncStatus.type, {
    nullable: true,
    description: "What a running task is doing to it; null when none is.",
  })
  get asyncStatus(): string | null {
    return AsyncStatus.fromUpstreamOrNull(this.row.entityAsyncStatus);
  }
}
