import { hasConnection } from "../graph/relations/connection-relation.js";
import { belongsTo } from "../graph/relations/loaded-relation.js";
import { declareRelation } from "../graph/schema/declare.js";
import { NvmfNamespace } from "../resources/nvmf-namespace/nvmf-namespace.type.js";
import { NvmfNamespaceSnapshot } from "../resources/nvmf-namespace-snapshot/nvmf-namespace-snapshot.type.js";

/** NvmfNamespace → its snapshots. */
export const namespaceSnapshots = declareRelation(
  hasConnection({
    from: NvmfNamespace,
    field: "snapshots",
    to: NvmfNamespaceSnapshot,
    description: "The namespace's snapshots.",
    via: "nvmf_namespace",
    inverse: "namespace",
  }),
);

/** NvmfNamespaceSnapshot → the namespace that it was taken of. */
export const namespaceSnapshotNamespace = declareRelation(
  belongsTo({
    from: NvmfNamespaceSnapshot,
    field: "namespace",
    to: NvmfNamespace,
    description: "The namespace that the snapshot was taken of; null if it is gone.",
    filter: "By the snapshot's namespace.",
    via: "nvmf_namespace",
  }),
);
