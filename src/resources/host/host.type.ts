import { Field, Int, ObjectType } from "type-graphql";
import { Node } from "../../graph/node.js";
import { Resource } from "../../graph/resource.js";
import { BigIntScalar } from "../../graph/scalars.js";
import { textOrNull } from "../../graph/values.js";
import { HostStatus } from "./host.enums.js";

/** Source: `get-hosts`. */
@ObjectType("Host", { implements: Node, description: "A host of a cluster." })
export class Host extends Resource<"Host"> {
  static override readonly typename = "Host";
  static override readonly entity = "Host";

  @Field(() => String, { description: "Name of the host." })
  get name(): string {
    return this.row.name ?? "";
  }

  @Field(() => String, { nullable: true, description: "Management address." })
  get managementIp(): string | null {
    return textOrNull(this.row.management_ip);
  }

  @Field(() => HostStatus.type, { description: "State of the host." })
  get status(): string {
    return HostStatus.of(this.row.status);
  }

  @Field(() => Int, { nullable: true, description: "Number of VMs on it." })
  get vmCount(): number | null {
    return this.row.vm_num ?? null;
  }

  @Field(() => BigIntScalar, { nullable: true, description: "Memory, in bytes." })
  get totalMemoryBytes(): number | null {
    return this.row.total_memory_bytes ?? null;
  }

  @Field(() => Int, { nullable: true, description: "Number of CPU cores." })
  get totalCpuCores(): number | null {
    return this.row.total_cpu_cores ?? null;
  }

  @Field(() => String, { nullable: true, description: "Model of the machine." })
  get model(): string | null {
    return textOrNull(this.row.model);
  }

  @Field(() => String, { nullable: true, description: "The host's id within its cluster." })
  get localId(): string | null {
    return textOrNull(this.row.local_id);
  }
}
