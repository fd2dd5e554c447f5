/**
 * Reads columns of CloudTower's rows in two ways: `npm run bench -- reader`.
 *
 * Prints the time of the gateway's reader, and its ratio to JSON.parse and picking; each the best of many runs, which other programs on
 * the machine hardly disturb.
 */
import { ColumnGuard, Columns } from "../src/upstream/columns.js";
import { ColumnReader } from "../src/upstream/rows/column-reader.js";
import { ResponseBody } from "../src/upstream/rows/response-body.js";
import type { Entity } from "../src/upstream/wire/types.js";
import { createTables } from "./stub-upstream/tables.js";

/** Columns that the benchmark's query reads. */
const COLUMNS: readonly (readonly [Entity, readonly string[]])[] = [
  ["Vm", ["id", "name", "status", "memory", "vm_disks"]],
  ["VmDisk", ["id", "boot", "bus", "key", "type", "vm", "vm_volume"]],
  ["VmVolume", ["id", "lun", "name", "size"]],
  ["IscsiLun", ["id", "name", "zbs_volume_id"]],
];
/** Size of the pieces in which a response arrives. */
const PIECE_BYTES = 64 * 1024;

type Rows = readonly Readonly<Record<string, unknown>>[];

class PickedRow {
  [column: string]: unknown;
}

const tables = createTables(500, 0);
const reader = new ColumnReader();
if (!reader.isAvailable) throw new Error("This machine cannot run the reader.");

console.log(`Node ${process.version}\n`);
console.log("| rows | columns | size | reader | ratio |\n| --- | --- | --- | --- | --- |");
for (const [rowCount, runs] of [
  [500, 100],
  [20, 1000],
] as const) {
  for (const [entity, names] of COLUMNS) {
    const json =
      tables
        .get(entity)
        ?.rows.slice(0, rowCount)
        .map((stored) => stored.json) ?? [];
    const bytes = Buffer.from(`[${json.join()}]`);
    const body = new ResponseBody(piecesOf(bytes));
    const columns = new Columns(entity, new Set(names), new ColumnGuard());
    const best = bestOf(runs, names, {
      parse: () => pick(body.json() as Rows, names),
      read: () => columns.read(body, reader) as Rows,
    });
    const ratio = (best.read / best.parse).toFixed(2);
    const size = `${Math.round(bytes.length / 1024)} KiB`;
    console.log(`| ${rowCount} ${entity} | ${names.length} | ${size} | ${best.read.toFixed(3)} ms | ${ratio} |`);
  }
}

/** Best times in milliseconds, including a read of every column of every row. */
function bestOf(
  runs: number,
  names: readonly string[],
  ways: { readonly parse: () => Rows; readonly read: () => Rows },
) {
  const best = { parse: Number.POSITIVE_INFINITY, read: Number.POSITIVE_INFINITY };
  const counts = { parse: 0, read: 0 };
  for (let run = 0; run < runs; run += 1) {
    for (const way of ["parse", "read"] as const) {
      const begin = performance.now();
      for (const row of ways[way]()) for (const name of names) if (row[name] !== null) counts[way] += 1;
      best[way] = Math.min(best[way], performance.now() - begin);
    }
  }
  if (counts.parse !== counts.read) throw new Error("The two ways differ.");
  return best;
}

function pick(rows: Rows, names: readonly string[]): Rows {
  return rows.map((row) => {
    const picked = new PickedRow();
    for (const name of names) picked[name] = row[name];
    return picked;
  });
}

function piecesOf(bytes: Buffer): Buffer[] {
  const count = Math.ceil(bytes.length / PIECE_BYTES);
  return Array.from({ length: count }, (_, index) => bytes.subarray(index * PIECE_BYTES, (index + 1) * PIECE_BYTES));
}
