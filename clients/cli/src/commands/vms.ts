import { type Command, InvalidArgumentError } from "commander";
import { printJson, printTable, size } from "../output.js";
import { sessionOf } from "../session.js";

interface Vm {
  readonly id: string;
  readonly name: string;
  readonly status: string;
  readonly vcpuCount: number | null;
  readonly memoryBytes: number | null;
  readonly ips: readonly string[];
  readonly cluster: { readonly name: string | null } | null;
}

interface Page {
  readonly vms: {
    readonly nodes: readonly Vm[];
    readonly pageInfo: { readonly endCursor: string | null; readonly hasNextPage: boolean };
  };
}

const VMS = `query Vms($filter: VmFilter, $first: Int!, $after: String) {
  vms(filter: $filter, first: $first, after: $after, orderBy: { field: NAME, direction: ASC }) {
    nodes { id name status vcpuCount memoryBytes ips cluster { name } }
    pageInfo { endCursor hasNextPage }
  }
}`;
const PAGE = 100;

/** Adds `towerql vms`. */
export function addVms(program: Command): void {
  program
    .command("vms")
    .description("List VMs by name; those in the recycle bin are left out.")
    .argument("[text]", "only VMs whose name contains it")
    .option("--limit <number>", "at most so many", positive, 50)
    .action(async (text: string | undefined, { limit }: { limit: number }, command: Command) => {
      const { client, json, signal } = sessionOf(command);
      const filter = { inRecycleBin: { eq: false }, ...(text !== undefined && { name: { contains: text } }) };
      const vms: Vm[] = [];
      let more = true;
      for (let after: string | null = null; more && vms.length < limit; ) {
        const variables = { filter, first: Math.min(PAGE, limit - vms.length), after };
        const page: Page = await client.query<Page>(VMS, variables, { signal });
        vms.push(...page.vms.nodes);
        more = page.vms.pageInfo.hasNextPage;
        after = page.vms.pageInfo.endCursor;
      }
      if (json) return printJson(vms);
      printTable(
        ["name", "status", "vcpu", "memory", "addresses", "cluster", "id"],
        vms.map((vm) => [
          vm.name,
          vm.status,
          vm.vcpuCount,
          size(vm.memoryBytes),
          vm.ips.join(" ") || null,
          vm.cluster?.name ?? null,
          vm.id,
        ]),
      );
      if (more) console.error(`There are more than ${limit}: see --limit.`);
    });
}

/** A number of 1 or more. */
export function positive(text: string): number {
  const number = Number(text);
  if (Number.isSafeInteger(number) && number > 0) return number;
  throw new InvalidArgumentError("It must be a whole number of 1 or more.");
}
