import { badInput, ErrorCode, TowerError } from "../../kernel/errors.js";
import { quote } from "../../kernel/text/global-id.js";
import type { Runner } from "../runner.js";

/** An object by its id and its name. */
export interface Named {
  readonly id: string;
  readonly name: string;
}

/** What a tool is about to write. */
export interface Targets {
  readonly vm: Named;
  /** Snapshots of that VM. */
  readonly snapshots: readonly Named[];
}

interface Found extends Named {
  readonly __typename: string;
  readonly vm?: { readonly id: string } | null;
}

const LOOK_UP =
  "query McpNames($ids: [ID!]!) { nodes(ids: $ids) { __typename id ... on Vm { name } ... on VmSnapshot { name vm { id } } } }";

/**
 * Compares the names that an agent gave with CloudTower's, so that an id which it mixed up or invented writes nothing. The right name is not
 * told: an agent would just repeat it.
 *
 * @throws TowerError BAD_USER_INPUT for the first object that is not what the agent takes it for, and the error of a failed call.
 */
export async function assertNamed(runner: Runner, { vm, snapshots }: Targets): Promise<void> {
  const ids = [vm, ...snapshots].map(({ id }) => id);
  const { result } = await runner.own({ query: LOOK_UP, variables: { ids } }, "query");
  const { data, errors: [error] = [] } = result;
  if (error !== undefined) {
    const code = (error.extensions?.code ?? ErrorCode.InternalServerError) as ErrorCode;
    throw new TowerError(code, `${error.message} Nothing was written, since the names could not be compared.`);
  }
  const [foundVm, ...foundSnapshots] = (data as { nodes: (Found | null)[] }).nodes;
  assertIs("Vm", vm, foundVm);
  for (const [index, snapshot] of snapshots.entries()) {
    const found = foundSnapshots[index];
    assertIs("VmSnapshot", snapshot, found);
    if (found?.vm?.id !== vm.id) {
      throw badInput(`The snapshot ${quote(snapshot.id)} is not known to be one of the VM ${quote(vm.id)}. ${NOTHING}`);
    }
  }
}

const NOTHING = "Nothing was written. Look up what is meant, and ask a person if in doubt.";

function assertIs(typename: "Vm" | "VmSnapshot", { id, name }: Named, found: Found | null | undefined): void {
  const what = typename === "Vm" ? "VM" : "snapshot";
  if (found === null || found === undefined)
    throw badInput(`There is no ${what} ${quote(id)} that the caller can see. ${NOTHING}`);
  if (found.__typename !== typename) throw badInput(`Not the id of a ${what}: ${quote(id)}. ${NOTHING}`);
  if (found.name !== name) throw badInput(`The ${what} ${quote(id)} does not have the name ${quote(name)}. ${NOTHING}`);
}
