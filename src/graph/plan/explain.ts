import { shorten } from "../../kernel/text/shorten.js";
import { countEndpointOf, endpointOf } from "../../upstream/wire/endpoints.js";
import type { GraphObjectClass } from "../model/graph-object.js";
import type { ResourceClass } from "../model/resource.js";
import { RootPlan } from "./operation-plan.js";
import type { PlannedQuery } from "./plan-cache.js";
import type {
  ConnectionPlan,
  EmbeddedPlan,
  ListPlan,
  RelationPlan,
  SelectedOf,
  SelectionPlan,
} from "./selection-plan.js";

/** One line: what is read, indented by its depth, and how. */
type Line = readonly [what: string, how: string];

/** Maximum length of what a line names; a connection is named with its arguments. */
const MAX_NAME_CHARACTERS = 120;
const MAX_LINES = 1_000;

/**
 * A plan as text: what will be asked of CloudTower, one line for each set of objects, with the columns that are kept of their rows.
 *
 * @example
 * vms → Vm (id, name, vm_disks)                     get-vms
 *   disks → VmDisk (id, boot, bus, key, type, vm)   get-vm-disks
 */
export function explain({ plan: { roots, bailout, isIntrospection }, variableValues }: PlannedQuery): string {
  if (isIntrospection) return "No calls: the operation reads the schema.";
  const all = roots.flatMap((root) => (root instanceof RootPlan ? rootLines(root, variableValues) : []));
  const lines = all.slice(0, MAX_LINES);
  const width = Math.max(0, ...lines.map(([what]) => what.length));
  if (all.length > MAX_LINES) lines.push([`... and ${all.length - MAX_LINES} lines more`, ""]);
  const text = lines.map(([what, how]) => `${what.padEnd(width)}  ${how}`.trimEnd()).join("\n");
  return bailout === undefined ? text : `Executed field by field, with whole rows: ${bailout}.\n${text}`.trimEnd();
}

function rootLines(root: RootPlan, variableValues: PlannedQuery["variableValues"]): Line[] {
  const { responseName, list } = root;
  if (list !== undefined) return [[described(responseName, list.objects), listed(list)], ...below(list.objects, 1)];
  return root
    .selections(variableValues)
    .flatMap((objects): Line[] => [[described(responseName, objects), endpoint(objects.type)], ...below(objects, 1)]);
}

function below(objects: SelectionPlan, depth: number): Line[] {
  return [
    ...objects.embedded.flatMap((plan) => embeddedLines(plan, depth)),
    ...objects.loaded.flatMap((plan) => loadedLines(plan, depth)),
    ...objects.connections.flatMap((plan) => connectionLines(plan, depth)),
  ];
}

function embeddedLines({ relation, objects }: EmbeddedPlan, depth: number): Line[] {
  return [
    [indented(depth, `${relation.field} → ${relation.to.typename}`), "in the row above"],
    ...below(objects, depth + 1),
  ];
}

function loadedLines(plan: RelationPlan, depth: number): Line[] {
  const { relation, objects, loadedOf } = plan;
  if (loadedOf === undefined)
    return [[indented(depth, `${relation.field} → ${relation.to.typename}`), "in the row above"]];
  const columns = plan.columns();
  const shortcut = relation.prefetch === undefined ? "" : `, beside ${relation.prefetch.with.field}`;
  const what = `${relation.field} → ${relation.to.typename} (${columnList(columns?.names)})`;
  return [
    [indented(depth, what), relation.endpoints.join(", ") + shortcut + where(loadedOf)],
    ...below(objects, depth + 1),
  ];
}

function connectionLines(plan: ConnectionPlan, depth: number): Line[] {
  const what = described(plan.key.slice(1), plan.objects, plan.columns(plan.args)?.names);
  return [[indented(depth, what), listed(plan) + where(plan.of)], ...below(plan.objects, depth + 1)];
}

function described(name: string, objects: SelectionPlan, columns = objects.columns()): string {
  return `${shorten(name, MAX_NAME_CHARACTERS, "...")} → ${objects.type.typename} (${columnList(columns)})`;
}

function columnList(columns: ReadonlySet<string> | undefined): string {
  if (columns === undefined) return "all columns";
  return ["id", ...[...columns].filter((name) => name !== "id").sort()].join(", ");
}

function listed({ listing, withCount }: ListPlan): string {
  const { entity } = listing.resource;
  return withCount ? `${endpointOf(entity)}, ${countEndpointOf(entity)}` : endpointOf(entity);
}

function endpoint(type: GraphObjectClass): string {
  const { entity } = type as Partial<ResourceClass>;
  return entity === undefined ? "" : endpointOf(entity);
}

function where(of: SelectedOf): string {
  return of === "ledBackTo" ? ", where a field below leads back" : "";
}

function indented(depth: number, text: string): string {
  return `${"  ".repeat(depth)}${text}`;
}
