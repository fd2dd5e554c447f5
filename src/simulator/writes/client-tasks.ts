import { badRequest } from "../refusal.js";
import { describeValue } from "../store/check-value.js";
import type { Values } from "../store/store.js";
import { iso } from "../tasks/clock.js";
import type { Tower } from "../tower.js";
import { readList, readObject, readText } from "./request-body.js";
import { type ApiRequest, affected, type Write, type WriteResult } from "./write.js";

/**
 * create-task: adds the row of a task that a client runs itself, such as a backup product. It names a resource, but CloudTower does not
 * run it: it stays as the client describes it.
 */
export const createTask: Write = (tower, request) =>
  readList(request.body, "body").map((item, index) => {
    const path = `[${index}]`;
    const object = readObject(item, path, [
      "id",
      ...fields,
      "user_id!",
      "description!",
      "resource_mutation!",
      "resource_type!",
    ]);
    for (const key of ["user_id", "resource_mutation", "resource_type"]) readText(object, key, path);
    const id = object.id === undefined ? tower.random.id() : readText(object, "id", path);
    if (tower.store.get("Task", id) !== undefined) throw badRequest(`${path}.id is taken: ${id}`);
    const row = tower.store.insert(
      "Task",
      {
        ...{ id, args: {}, internal: false, progress: 0, snapshot: "{}", status: "PENDING", steps: [] },
        local_created_at: iso(tower.clock.now()),
        ...columns(object, path),
      },
      typeof object.cluster_id === "string" ? object.cluster_id : null,
    );
    return result(tower, request, row);
  });

/** update-task: changes the rows of tasks. */
export const updateTask: Write = (tower, request) => {
  const { where, data } = readObject(request.body, "body", ["where!", "data!"]);
  const changes = columns(readObject(data, "data", [...fields, ...results]), "data");
  return affected(tower, request.viewer, "Task", where).map((row) => {
    tower.store.patch(row, changes);
    return result(tower, request, row);
  });
};

const fields = [
  ...["api_key_name", "args", "cluster_id", "description", "finished_at", "internal", "key", "resource_id"],
  ...["resource_mutation", "resource_type", "snapshot", "started_at", "status", "steps", "type", "user_id"],
];
const results = [
  ...["error_code", "error_message", "progress"],
  ...["resource_rollback_error", "resource_rollback_retry_count", "resource_rollbacked"],
];

/** The columns of a task's row, from the fields of a request. */
function columns(object: Values, path: string): Values {
  const { api_key_name, cluster_id, user_id, description, ...same } = object;
  const texts = description as Values | undefined;
  if (texts !== undefined && (typeof texts["en-US"] !== "string" || typeof texts["zh-CN"] !== "string")) {
    throw badRequest(`${path}.description must have en-US and zh-CN, got ${describeValue(description)}`);
  }
  return {
    ...same,
    ...(cluster_id === undefined ? {} : { cluster: cluster_id }),
    ...(user_id === undefined ? {} : { user: user_id }),
    ...(texts === undefined ? {} : { description: texts["en-US"], $description_zh: texts["zh-CN"] }),
  };
}

function result(
  tower: Tower,
  { viewer, language }: ApiRequest,
  row: Parameters<typeof tower.renderer.object>[0],
): WriteResult {
  return { task_id: null, data: tower.renderer.object(row, viewer, language) };
}
