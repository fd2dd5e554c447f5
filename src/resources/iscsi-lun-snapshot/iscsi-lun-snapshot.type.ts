import { ObjectType } from "type-graphql";
import { Listing } from "../../graph/connections/listing.js";
import { bytes, requiredText, text, time } from "../../graph/model/codec.js";
import { columnsOf } from "../../graph/model/column.js";
import { Node } from "../../graph/model/node.js";
import { Resource } from "../../graph/model/resource.js";
import { AsyncStatus } from "../shared/async-status.js";

const column = columnsOf("IscsiLunSnapshot");

/** Source: `get-iscsi-lun-snapshots`. */
@ObjectType("IscsiLunSnapshot", { implements: Node, description: "A snapshot of one LUN." })
export class IscsiLunSnapshot extends Resource<"IscsiLunSnapshot"> {
  static override readonly typename = "IscsiLunSnapshot";
  static override readonly entity = "IscsiLunSnapshot";

  @column(
    "name",
    requiredText,
    "Name of the snapshot; for one that belongs to a VM snapshot, the frozen disk's `snapshotLocalId`.",
    { filter: true, order: true },
  )
  readonly name!: string;

  @column("unique_size", bytes, "Space that only this snapshot takes, in bytes.", { filter: true, order: true })
  readonly uniqueSizeBytes!: number | null;

  @column("local_id", text, "The snapshot's own id in ZBS: the `zbsId` of its `storageVolume`.", { filter: true })
  readonly localId!: string | null;

  @column("local_created_at", time, "When the snapshot was taken.", { filter: true, order: true })
  readonly createdAt!: string | null;

  @column("entityAsyncStatus", AsyncStatus.orNull, "What a running task is doing to it; null when none is.", {
    filter: true,
  })
  readonly asyncStatus!: string | null;
}

/** How LUN snapshots are listed. */
export const iscsiLunSnapshotList = new Listing(IscsiLunSnapshot);
