import { Field, Int, ObjectType } from "type-graphql";
import { Node } from "../../graph/model/node.js";
import { Resource } from "../../graph/model/resource.js";
import { textOrNull } from "../../graph/model/upstream-values.js";

/** Source: `get-vm-folders`. */
@ObjectType("VmFolder", { implements: Node, description: "A folder of VMs." })
export class VmFolder extends Resource<"VmFolder"> {
  static override readonly typename = "VmFolder";
  static override readonly entity = "VmFolder";

  @Field(() => String, { description: "Name of the folder." })
  get name(): string {
    return this.row.name ?? "";
  }

  @Field(() => Int, { nullable: true, description: "Number of VMs in it." })
  get vmCount(): number | null {
    return this.row.vm_num ?? null;
  }

  @Field(() => String, { nullable: true, description: "The folder's id within its cluster." })
  get localId(): string | null {
    return textOrNull(this.row.local_id);
  }
}
