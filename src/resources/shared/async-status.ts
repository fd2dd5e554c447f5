import { defineEnum } from "../../graph/connections/define-enum.js";

/** What is being done to an object at the moment. */
export const AsyncStatus = defineEnum(
  "AsyncStatus",
  "What a running task is doing to an object. While it is set, CloudTower refuses other changes of the object.",
  {
    CREATING: "It is being created and is not complete.",
    UPDATING: "It is being changed; a snapshot being taken counts as a change of the VM.",
    DELETING: "It is being deleted.",
  },
);
