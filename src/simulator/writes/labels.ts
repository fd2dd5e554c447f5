import { entities } from "../../upstream/wire/contract.js";
import type { Entity } from "../../upstream/wire/types.js";
import { badRequest } from "../refusal.js";
import { describeValue } from "../store/check-value.js";
import { entityNames } from "../store/model.js";
import { idsIn, type StoredRow } from "../store/store.js";
import { iso } from "../tasks/clock.js";
import type { Tower } from "../tower.js";
import { readList, readObject, readText } from "./request-body.js";
import { type ApiRequest, affected, NOT_MODIFIED, type QuietWrite, type Write, type WriteResult } from "./write.js";

/** create-label: adds labels. A key with its value exists once: the contract does not say so, the vendor's UI behaves so. */
export const createLabel: Write = (tower, request) => {
  const wanted = readList(request.body, "body").map((item, index) => {
    const object = readObject(item, `[${index}]`, ["key!", "value"]);
    if (object.value !== undefined && typeof object.value !== "string") {
      throw badRequest(`[${index}].value must be a string, got ${describeValue(object.value)}`);
    }
    return { key: readText(object, "key", `[${index}]`), value: object.value ?? null };
  });
  for (const { key, value } of wanted) {
    const same = [...tower.store.table("Label").values()].find(
      ({ values }) => values.key === key && values.value === value,
    );
    if (same) throw badRequest(`label ${key}:${value} already exists`, `标签 ${key}:${value} 已存在`);
  }
  return wanted.map((values) => {
    const id = tower.random.id();
    const row = tower.store.insert("Label", { id, ...values, createdAt: iso(tower.clock.now()) }, null);
    return result(tower, request, row);
  });
};

/** add-labels-to-resources: adds all labels that `where` matches to all objects that `data` matches. 304 if all of them have them. */
export const addLabels: QuietWrite = (tower, request) =>
  changeLabels(tower, request, (row, labels) => {
    const ids = [...idsIn(row.values.labels)];
    for (const label of labels) if (!ids.includes(label.id)) add(tower, ids, label);
    return ids;
  });

/** remove-labels-from-resources: the opposite. 304 if none of the objects has one. */
export const removeLabels: QuietWrite = (tower, request) =>
  changeLabels(tower, request, (row, labels) =>
    idsIn(row.values.labels).filter((id) => labels.every((label) => label.id !== id)),
  );

/** delete-label: deletes all labels that `where` matches, also from the objects that have them. */
export const deleteLabel: Write = (tower, request) => {
  const { where } = readObject(request.body, "body", ["where!"]);
  const labels = affected(tower, request.viewer, "Label", where);
  const gone = new Set(labels.map(({ id }) => id));
  for (const entity of LABELED) {
    for (const row of tower.store.table(entity).values()) {
      const ids = idsIn(row.values.labels);
      if (ids.some((id) => gone.has(id))) tower.store.patch(row, { labels: ids.filter((id) => !gone.has(id)) });
    }
  }
  for (const label of labels) tower.store.remove(label);
  return labels.map(({ id }) => ({ task_id: null, data: { id } }));
};

/** Entities whose rows store labels. */
const LABELED = entityNames.filter((name) => Object.hasOwn(entities[name].fields, "labels"));

function changeLabels(
  tower: Tower,
  request: ApiRequest,
  changed: (row: StoredRow, labels: readonly StoredRow[]) => readonly string[],
): ReturnType<QuietWrite> {
  const { where, data } = readObject(request.body, "body", ["where!", "data!"]);
  const keys = new Map(LABELED.map((entity) => [keyOf(tower, entity), entity]));
  const targets = Object.entries(readObject(data, "data", [...keys.keys()]));
  const labels = affected(tower, request.viewer, "Label", where);
  const rows = targets.flatMap(([name, filter]) => affected(tower, request.viewer, keys.get(name) as Entity, filter));
  if (labels.length === 0 || rows.length === 0) return [];
  let isChanged = false;
  for (const row of rows) {
    const before = idsIn(row.values.labels);
    const ids = changed(row, labels);
    if (ids.length === before.length && ids.every((id) => before.includes(id))) continue;
    tower.store.patch(row, { labels: ids });
    isChanged = true;
  }
  const isSilent = tower.quirks.labelValuesPerKey === "first";
  return isChanged || isSilent ? labels.map((label) => result(tower, request, label)) : NOT_MODIFIED;
}

/** Adds a label to those of an object, as `labelValuesPerKey` says. */
function add({ store, quirks }: Tower, ids: string[], { id, values }: StoredRow): void {
  const same = ids.filter((other) => store.get("Label", other)?.values.key === values.key);
  if (same.length === 0 || quirks.labelValuesPerKey === "many") ids.push(id);
  else if (quirks.labelValuesPerKey === "last")
    ids.splice(0, ids.length, ...ids.filter((one) => !same.includes(one)), id);
}

/** The key of `data` for an entity, such as `vm_snapshots`. */
function keyOf({ store }: Tower, entity: Entity): string {
  return store.model.entity(entity).path.replaceAll("-", "_");
}

function result({ renderer }: Tower, { viewer, language }: ApiRequest, row: StoredRow): WriteResult {
  return { task_id: null, data: renderer.object(row, viewer, language) };
}
