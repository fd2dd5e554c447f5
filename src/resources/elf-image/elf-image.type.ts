import { ObjectType } from "type-graphql";
import { Listing } from "../../graph/connections/listing.js";
import { bytes, requiredText, text, time, verbatimText } from "../../graph/model/codec.js";
import { columnsOf } from "../../graph/model/column.js";
import { Node } from "../../graph/model/node.js";
import { Resource } from "../../graph/model/resource.js";
import { AsyncStatus } from "../shared/async-status.js";
import { type Reference, reference, references } from "../shared/reference.type.js";

const column = columnsOf("ElfImage");

/** Source: `get-elf-images`. */
@ObjectType("ElfImage", { implements: Node, description: "An ISO image for CD-ROM drives." })
export class ElfImage extends Resource<"ElfImage"> {
  static override readonly typename = "ElfImage";
  static override readonly entity = "ElfImage";

  @column("name", requiredText, "Name of the image.", { filter: true })
  readonly name!: string;

  @column("description", verbatimText, "Free text.", { filter: true })
  readonly description!: string | null;

  @column("path", text, "Path within the cluster.", { filter: true })
  readonly path!: string | null;

  @column("size", bytes, "Size of the image, in bytes.", { filter: true })
  readonly sizeBytes!: number | null;

  @column("local_id", text, "The image's id within its cluster.", { filter: true })
  readonly localId!: string | null;

  @column("local_created_at", time, "When the image was created.", { filter: true })
  readonly createdAt!: string | null;

  @column("entityAsyncStatus", AsyncStatus.orNull, "Change in progress; null if none.", { filter: true })
  readonly asyncStatus!: string | null;

  @column("content_library_image", reference, "The content library image that this is a copy of.")
  readonly contentLibraryImage!: Reference | null;

  @column("vm_templates", references, "VM templates that use the image.")
  readonly vmTemplates!: Reference[];
}

/** Listing of ISO images. */
export const elfImageList = new Listing(ElfImage);
