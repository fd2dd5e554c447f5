import { ObjectType } from "type-graphql";
import { Listing } from "../../graph/connections/listing.js";
import { bytes, requiredText, text, time } from "../../graph/model/codec.js";
import { columnsOf } from "../../graph/model/column.js";
import { Node } from "../../graph/model/node.js";
import { AsyncStatus } from "../shared/async-status.js";
import { type Reference, reference } from "../shared/reference.type.js";
import { Resilient } from "../shared/resilient.js";

const column = columnsOf("NvmfNamespaceSnapshot");

/** Source: `get-nvmf-namespace-snapshots`. */
@ObjectType("NvmfNamespaceSnapshot", { implements: Node, description: "A snapshot of an NVMe namespace." })
export class NvmfNamespaceSnapshot extends Resilient<"NvmfNamespaceSnapshot"> {
  static override readonly typename = "NvmfNamespaceSnapshot";
  static override readonly entity = "NvmfNamespaceSnapshot";

  @column("name", requiredText, "Name of the snapshot.", { filter: true })
  readonly name!: string;

  @column("unique_size", bytes, "Space used by this snapshot alone, in bytes.", { filter: true })
  readonly uniqueSizeBytes!: number | null;

  @column("nvmf_subsystem", reference, "The NVMe subsystem that the namespace belongs to.")
  readonly subsystem!: Reference | null;

  @column("local_id", text, "The snapshot's id in ZBS: the `zbsId` of its `storageVolume`.", { filter: true })
  readonly localId!: string | null;

  @column("local_created_at", time, "When the snapshot was taken.", { filter: true })
  readonly createdAt!: string | null;

  @column("entityAsyncStatus", AsyncStatus.orNull, "Change in progress; null if none.", { filter: true })
  readonly asyncStatus!: string | null;
}

/** Listing of snapshots of NVMe namespaces. */
export const nvmfNamespaceSnapshotList = new Listing(NvmfNamespaceSnapshot);
