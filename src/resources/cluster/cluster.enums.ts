import { defineEnum } from "../../graph/define-enum.js";

/** Whether CloudTower reaches a cluster. */
export const ConnectState = defineEnum("ConnectState", "Whether CloudTower reaches a cluster.", {
  CONNECTED: "It does.",
  DISCONNECTED: "It does not; what is shown may be old.",
  INITIALIZING: "The connection is being set up.",
  REMOVING: "The cluster is being taken out of CloudTower.",
});
