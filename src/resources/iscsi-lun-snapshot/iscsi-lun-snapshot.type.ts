import { ObjectType } from "type-graphql";
import { Listing } from "../../graph/connections/listing.js";
import { bytes, requiredText, text, time } from "../../graph/model/codec.js";
import { columnsOf } from "../../graph/model/column.js";
import { Node } from "../../graph/model/node.js";
import { AsyncStatus } from "../shared/async-status.js";
import { Resilient } from "../shared/resilient.js";

const column = columnsOf("IscsiLunSnapshot");

/** Source: `get-iscsi-lun-snapshots`. */
@ObjectType("IscsiLunSnapshot", { implements: Node, description: "A snapshot of a LUN." })
export class IscsiLunSnapshot extends Resilient<"IscsiLunSnapshot"> {
  static override readonly typename = "IscsiLunSnapshot";
  static override readonly entity = "IscsiLunSnapshot";

  @column(
    "name",
    requiredText,
    "Name of the snapshot; matches `snapshotLocalId` of a frozen disk if it belongs to a VM snapshot.",
    { filter: true },
  )
  readonly name!: string;

  @column("unique_size", bytes, "Space used by this snapshot alone, in bytes.", { filter: true })
  readonly uniqueSizeBytes!: number | null;

  @column("local_id", text, "The snapshot's id in ZBS: the `zbsId` of its `storageVolume`.", { filter: true })
  readonly localId!: string | null;

  @column("local_created_at", time, "When the snapshot was taken.", { filter: true })
  readonly createdAt!: string | null;

  @column("entityAsyncStatus", AsyncStatus.orNull, "Change in progress; null if none.", { filter: true })
  readonly asyncStatus!: string | null;
}

/** Listing of LUN snapshots. */
export const iscsiLunSnapshotList = new Listing(IscsiLunSnapshot);
