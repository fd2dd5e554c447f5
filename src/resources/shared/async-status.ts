import { defineEnum } from "../../graph/connections/define-enum.js";

/** Change in progress on an object. */
export const AsyncStatus = defineEnum(
  "AsyncStatus",
  "Change that a running task is making to an object. CloudTower refuses other changes to the object until the task has ended.",
  {
    CREATING: "The object is being created and is not complete.",
    UPDATING: "The object is being changed. Taking a snapshot counts as changing the VM.",
    DELETING: "The object is being deleted.",
  },
);
