import { hasConnection } from "../graph/relations/connection-relation.js";
import { belongsTo } from "../graph/relations/loaded-relation.js";
import { declareRelation } from "../graph/schema/declare.js";
import { NvmfNamespace, nvmfNamespaceList } from "../resources/nvmf-namespace/nvmf-namespace.type.js";
import {
  NvmfNamespaceSnapshot,
  nvmfNamespaceSnapshotList,
} from "../resources/nvmf-namespace-snapshot/nvmf-namespace-snapshot.type.js";

/** NvmfNamespace → its snapshots. */
export const namespaceSnapshots = declareRelation(
  hasConnection({
    from: NvmfNamespace,
    field: "snapshots",
    listing: nvmfNamespaceSnapshotList,
    description: "The namespace's snapshots.",
    where: (ids) => ({ nvmf_namespace: { id_in: ids } }),
    rowKey: (snapshot) => snapshot.nvmf_namespace?.id,
    inverse: "namespace",
  }),
);

/** NvmfNamespaceSnapshot → the namespace that it was taken of. */
export const namespaceSnapshotNamespace = declareRelation(
  belongsTo({
    from: NvmfNamespaceSnapshot,
    field: "namespace",
    to: NvmfNamespace,
    description: "The namespace that the snapshot was taken of; null once it is gone.",
    stub: (snapshot) => snapshot.row.nvmf_namespace,
  }),
);

nvmfNamespaceSnapshotList.filter.addOne(
  "namespace",
  "nvmf_namespace",
  nvmfNamespaceList.filter,
  "By the snapshot's namespace.",
);
