import { Field, ObjectType } from "type-graphql";
import { Node } from "../../graph/model/node.js";
import { Resource } from "../../graph/model/resource.js";
import { BigIntScalar, DateTimeScalar } from "../../graph/model/scalars.js";
import { textOrNull, time } from "../../graph/model/upstream-values.js";
import { AsyncStatus } from "../shared/async-status.js";
import { Reference, referencesTo, referenceTo } from "../shared/reference.type.js";

/** Source: `get-elf-images`. */
@ObjectType("ElfImage", { implements: Node, description: "An ISO image that CD-ROM drives can hold." })
export class ElfImage extends Resource<"ElfImage"> {
  static override readonly typename = "ElfImage";
  static override readonly entity = "ElfImage";

  @Field(() => String, { description: "Name of the image." })
  get name(): string {
    return this.row.name ?? "";
  }

  @Field(() => String, { nullable: true, description: "Free text." })
  get description(): string | null {
    return this.row.description ?? null;
  }

  @Field(() => String, { nullable: true, description: "Path within the cluster." })
  get path(): string | null {
    return textOrNull(this.row.path);
  }

  @Field(() => BigIntScalar, { nullable: true, description: "Size of the image, in bytes." })
  get sizeBytes(): number | null {
    return this.row.size ?? null;
  }

  @Field(() => String, { nullable: true, description: "The image's id within its cluster." })
  get localId(): string | null {
    return textOrNull(this.row.local_id);
  }

  @Field(() => DateTimeScalar, { nullable: true, description: "When the image was made." })
  get createdAt(): string | null {
    return time(this.row.local_created_at);
  }

  @Field(() => AsyncStatus.type, {
    nullable: true,
    description: "What a running task is doing to it; null when none is.",
  })
  get asyncStatus(): string | null {
    return AsyncStatus.fromUpstreamOrNull(this.row.entityAsyncStatus);
  }

  @Field(() => Reference, { nullable: true, description: "The image of the content library that this is a copy of." })
  get contentLibraryImage(): Reference | null {
    return referenceTo(this.row.content_library_image);
  }

  @Field(() => [Reference], { description: "VM templates that use the image." })
  get vmTemplates(): Reference[] {
    return referencesTo(this.row.vm_templates);
  }
}
