/** A key for an object whose name is unique only within its cluster. */
export function clusterKey(cluster: string | null | undefined, name: string): string {
  return `${cluster ?? ""} ${name}`;
}

/** The cluster and the name in a key. The cluster is "" if unknown. */
export function parseClusterKey(key: string): { cluster: string; name: string } {
  const space = key.indexOf(" ");
  return { cluster: key.slice(0, space), name: key.slice(space + 1) };
}
