import type { Command } from "commander";
import { NotFound } from "../failures.js";
import { type Branch, printJson, printTree, size } from "../output.js";
import { sessionOf } from "../session.js";

interface StorageVolume {
  readonly storageVolume: { readonly zbsId: string } | null;
}

interface Chain {
  readonly vm: {
    readonly name: string;
    readonly status: string;
    readonly disks: readonly {
      readonly slot: string | null;
      readonly volume: {
        readonly name: string;
        readonly sizeBytes: number | null;
        readonly lun: ({ readonly name: string } & StorageVolume) | null;
      } | null;
    }[];
    readonly snapshots: {
      readonly totalCount: number;
      readonly nodes: readonly {
        readonly id: string;
        readonly name: string;
        readonly createdAt: string | null;
        readonly disks:
          | readonly {
              readonly index: number;
              readonly slot: string | null;
              readonly sizeBytes: number | null;
              readonly lunSnapshot: ({ readonly name: string } & StorageVolume) | null;
            }[]
          | null;
      }[];
    };
  } | null;
}

const CHAIN = `query Chain($id: ID!, $snapshots: Int!) {
  vm(id: $id) {
    name status
    disks(type: DISK) { slot volume { name sizeBytes lun { name storageVolume { zbsId } } } }
    snapshots(first: $snapshots, orderBy: { field: CREATED_AT, direction: DESC }) {
      totalCount
      nodes { id name createdAt disks(type: DISK) { index slot sizeBytes lunSnapshot { name storageVolume { zbsId } } } }
    }
  }
}`;
const SNAPSHOTS = 20;

/** Adds `towerql graph`. */
export function addGraph(program: Command): void {
  program
    .command("graph")
    .description("Show a VM as a tree: its disks down to their ZBS volumes, and its snapshots.")
    .argument("<vm>", "name or id of the VM")
    .action(async (name: string, _: object, command: Command) => {
      const { client, json, signal, vmId } = sessionOf(command);
      const { vm } = await client.query<Chain>(CHAIN, { id: await vmId(name), snapshots: SNAPSHOTS }, { signal });
      if (vm === null) throw new NotFound(`No VM has the id ${name}.`);
      if (json) return printJson(vm);
      printTree(treeOf(vm));
    });
}

function treeOf({ name, status, disks, snapshots }: NonNullable<Chain["vm"]>): Branch {
  const live = disks.map(({ slot, volume }) => ({
    text: `disk ${slot ?? "in an unknown slot"}`,
    below:
      volume === null
        ? []
        : [{ text: `volume ${volume.name}, ${size(volume.sizeBytes)}`, below: lunOf(volume.lun, "LUN") }],
  }));
  const frozen = snapshots.nodes.map((snapshot) => ({
    text: `snapshot ${snapshot.name}, ${snapshot.createdAt ?? "time unknown"}, ${snapshot.id}`,
    below: (snapshot.disks ?? []).map(({ index, slot, sizeBytes, lunSnapshot }) => ({
      text: `disk ${slot ?? index}, ${size(sizeBytes)}`,
      below: lunOf(lunSnapshot, "LUN snapshot"),
    })),
  }));
  const left = snapshots.totalCount - snapshots.nodes.length;
  const more = left > 0 ? [{ text: `and ${left} older snapshots` }] : [];
  return { text: `VM ${name}, ${status}`, below: [...live, ...frozen, ...more] };
}

function lunOf(lun: ({ readonly name: string } & StorageVolume) | null, kind: string): Branch[] {
  if (lun === null) return [{ text: `no ${kind}` }];
  const { storageVolume } = lun;
  return [
    {
      text: `${kind} ${lun.name}`,
      below: storageVolume === null ? [] : [{ text: `ZBS volume ${storageVolume.zbsId}` }],
    },
  ];
}
