import { belongsTo, hasMany } from "../graph/relations/loaded-relation.js";
import { declareRelation } from "../graph/schema/declare.js";
import { Cluster } from "../resources/cluster/cluster.type.js";
import { Host } from "../resources/host/host.type.js";

/** Cluster → its hosts. A cluster has few, so this is a plain list. */
export const clusterHosts = declareRelation(
  hasMany({
    from: Cluster,
    field: "hosts",
    to: Host,
    description: "The cluster's hosts.",
    filter: { via: "hosts", description: "By the cluster's hosts." },
    via: "cluster",
    expectedCount: "hosts",
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
    filter: "By the host's cluster.",
    via: "cluster",
  }),
);
