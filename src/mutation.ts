import { createVmSnapshot } from "./flows/create-vm-snapshot.js";
import { CreateVmSnapshotInput, CreateVmSnapshotPayload } from "./flows/create-vm-snapshot.types.js";
import { mutationErrorTypes } from "./flows/mutation-errors.js";
import type { GraphQLObjectType } from "graphql";
import type { Context } from "./context.js";
import type { RootField } from "./graph/root-fields.js";
import { selectedFields } from "./graph/selection.js";
import { cloudTowerId } from "./kernel/global-id.js";

/** Types that only an interface leads to. */
export const mutationErrors: readonly object[] = mutationErrorTypes;

/** The fields of Mutation. */
export function mutationFields(): RootField<Context>[] {
  return [
    {
      name: "createVmSnapshot",
      type: () => CreateVmSnapshotPayload,
      nullable: false,
      description: "Takes a snapshot of a VM, once for each pair of VM and name.",
      args: { input: { type: () => CreateVmSnapshotInput, description: "The snapshot to be taken." } },
      async resolve(_, { input }: { input: CreateVmSnapshotInput }, { session, services, graph }, info) {
        const wanted = {
          vmId: cloudTowerId("Vm", input.vmId),
          name: input.name ?? generatedName(),
          consistency: input.consistency,
        };
        const result = await createVmSnapshot(session, services.vmWrites, wanted, services.verifyLimits);
        const payload = info.schema.getType("CreateVmSnapshotPayload") as GraphQLObjectType;
        const below = selectedFields(info, payload, info.fieldNodes).get("snapshot");
        const type = info.schema.getType("VmSnapshot") as GraphQLObjectType;
        if (result.snapshot !== null && below !== undefined)
          await graph.lookAhead(info).join(type, [result.snapshot], below);
        return result;
      },
    },
  ];
}

/** A name for a snapshot whose taker gave none: the moment, to the millisecond. */
function generatedName(): string {
  return `towerql-${new Date().toISOString().replace(/[-:.]/g, "")}`;
}
