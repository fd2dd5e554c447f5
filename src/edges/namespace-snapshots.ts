import { declareEdge } from "../graph/declare.js";
import { belongsTo } from "../graph/fetched-edge.js";
import { listBelow } from "../graph/list-below.js";
import { nvmfNamespaceList } from "../resources/nvmf-namespace/nvmf-namespace.list.js";
import { NvmfNamespace } from "../resources/nvmf-namespace/nvmf-namespace.type.js";
import { nvmfNamespaceSnapshotList } from "../resources/nvmf-namespace-snapshot/nvmf-namespace-snapshot.list.js";
import { NvmfNamespaceSnapshot } from "../resources/nvmf-namespace-snapshot/nvmf-namespace-snapshot.type.js";

/** NvmfNamespace → its snapshots. */
export const namespaceSnapshots = declareEdge(
  listBelow({
    from: NvmfNamespace,
    field: "snapshots",
    list: nvmfNamespaceSnapshotList,
    description: "The namespace's snapshots.",
    where: (ids) => ({ nvmf_namespace: { id_in: ids } }),
    rowKey: (snapshot) => snapshot.nvmf_namespace?.id,
    back: "namespace",
  }),
);

/** NvmfNamespaceSnapshot → the namespace that it was taken of. */
export const namespaceSnapshotNamespace = declareEdge(
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
