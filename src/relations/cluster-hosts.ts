import { belongsTo, hasMany } from "../graph/relations/loaded-relation.js";
import { declareRelation } from "../graph/schema/declare.js";
import { Cluster, clusterList } from "../resources/cluster/cluster.type.js";
import { Host, hostList } from "../resources/host/host.type.js";

/** Cluster → its hosts. They are few, so this is a plain list. */
export const clusterHosts = declareRelation(
  hasMany({
    from: Cluster,
    field: "hosts",
    to: Host,
    description: "The cluster's hosts.",
    where: (ids) => ({ cluster: { id_in: ids } }),
    rowKey: (host) => host.cluster?.id,
    expectedCount: (cluster) => cluster.row.hosts?.length,
    inverse: "cluster",
  }),
);

/** Host → its cluster. */
export const hostCluster = declareRelation(
  belongsTo({
    from: Host,
    field: "cluster",
    to: Cluster,
    description: "The cluster that the host belongs to.",
    stub: (host) => host.row.cluster,
  }),
);

hostList.filter.addOne("cluster", "cluster", clusterList.filter, "By the host's cluster.");
clusterList.filter.addMany("hosts", "hosts", hostList.filter, "By the cluster's hosts.");
