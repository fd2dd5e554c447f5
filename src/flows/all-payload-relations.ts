import type { LoadedRelation } from "../graph/relations/relation.js";
import { groupObjects } from "./consistency/group-objects.js";
import { createdSnapshotVms } from "./create/create-vm-snapshot.types.js";
import { deletedObjects } from "./delete/delete-vm-snapshots.types.js";
import { poweredVms } from "./power/power-vm.types.js";
import { restoredDiskObjects } from "./restore/disk/restore-disk.types.js";
import { restoredObjects } from "./restore/restore-vm.types.js";
import { objectsOfErrors } from "./writes/named-objects.js";

/** Every relation that leads from a payload, or from an error in it, to an object of the graph. */
export const allPayloadRelations: readonly LoadedRelation[] = [
  ...createdSnapshotVms,
  ...deletedObjects,
  ...poweredVms,
  ...restoredObjects,
  ...groupObjects,
  ...restoredDiskObjects,
  ...objectsOfErrors,
];
