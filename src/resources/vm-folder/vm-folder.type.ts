import { ObjectType } from "type-graphql";
import { Listing } from "../../graph/connections/listing.js";
import { integer, requiredText, text } from "../../graph/model/codec.js";
import { columnsOf } from "../../graph/model/column.js";
import { Node } from "../../graph/model/node.js";
import { Resource } from "../../graph/model/resource.js";

const column = columnsOf("VmFolder");

/** Source: `get-vm-folders`. */
@ObjectType("VmFolder", { implements: Node, description: "A folder of VMs." })
export class VmFolder extends Resource<"VmFolder"> {
  static override readonly typename = "VmFolder";
  static override readonly entity = "VmFolder";

  @column("name", requiredText, "Name of the folder.", { filter: true })
  readonly name!: string;

  @column("vm_num", integer, "Number of VMs in the folder.", { filter: true })
  readonly vmCount!: number | null;

  @column("local_id", text, "The folder's id within its cluster.", { filter: true })
  readonly localId!: string | null;
}

/** Listing of folders. */
export const vmFolderList = new Listing(VmFolder);
