import "reflect-metadata";
import { describe, expect, test } from "vitest";
import { parseTaskError } from "../../src/resources/task/task-error.type.js";

const json = JSON.stringify;

describe("finds the innermost code and message in every shape of CloudTower's error texts", () => {
  test.each([
    ["plain text", "no space left", null, "no space left"],
    ["a code alone", "VM_DUPLICATED_NAME", "VM_DUPLICATED_NAME", "VM_DUPLICATED_NAME"],
    ["a code of the storage alone", "EAllocSpace", "EAllocSpace", "EAllocSpace"],
    ["ec and error.msg", json({ ec: "EC_NO_SPACE", error: { msg: "full" } }), "EC_NO_SPACE", "full"],
    ["a job", json({ job: { error_code: "SVT_HANG", error_msg: "agent hangs" } }), "SVT_HANG", "agent hangs"],
    [
      "the tasks of a job, of which some succeeded",
      json({
        job: {
          error_code: "JOB_FAILED",
          error_msg: "a task failed",
          task_list: [
            { error_code: "EOK", error_msg: "" },
            { error_code: "EC_EOK" },
            { error_code: "EAllocSpace", error_msg: "pool is full" },
          ],
        },
      }),
      "EAllocSpace",
      "pool is full",
    ],
    ["texts by language", json({ ec: "E1_X", error: { msg: { "zh-CN": "满", "en-US": "full" } } }), "E1_X", "full"],
    [
      "JSON in JSON in text",
      `failed: ${json({ ec: "OUTER_X", error: { msg: `[OUTER_X] ${json({ ec: "INNER_X", error: { msg: "cause" } })}` } })} (job 7)`,
      "INNER_X",
      "cause",
    ],
    [
      "lines with a code and a message",
      `Cannot unwrap Ok value of Result.Err.\r\ncode: JOB_ERR\r\nmessage: ${json({ data: {}, ec: "VM_BUSY", error: { msg: "[VM_BUSY] try later" } })}`,
      "JOB_ERR",
      "[VM_BUSY] try later",
    ],
    ["lines without JSON", "Result.Err.\r\ncode: JOB_ERR\r\nmessage: it broke", "JOB_ERR", "it broke"],
    ["brackets that are no JSON", "disk [1] {x} failed", null, "disk [1] {x} failed"],
    ["null and numbers where objects belong", json({ job: null, error: 7, ec: 5, msg: [null] }), null, undefined],
  ])("%s", (_, text, innerCode, message) => {
    const error = parseTaskError("OUTER", text);
    expect(error).toMatchObject({ kind: "REPORTED", code: "OUTER", innerCode, message: message ?? text });
  });

  test("nesting without end, and values that are no text, do not fail", () => {
    let text = "cause";
    for (let depth = 0; depth < 50; depth += 1) text = json({ error: { msg: text.slice(0, 2000) } });
    expect(parseTaskError("X_Y", text)?.code).toBe("X_Y");
    expect(parseTaskError(7, { a: 1 })).toBeNull();
  });
});

test("codes that mean success are no error", () => {
  expect(parseTaskError(null, null)).toBeNull();
  expect(parseTaskError("", "")).toBeNull();
  for (const ok of ["EOK", "EC_EOK", "SVT_EOK"]) {
    expect(parseTaskError(ok, null), ok).toBeNull();
    expect(parseTaskError(null, json({ ec: ok, error: {} })), ok).toBeNull();
    expect(parseTaskError(ok, json({ job: { task_list: [{ error_code: ok }] } })), ok).toBeNull();
  }
  expect(parseTaskError("EOK", "no space")).toMatchObject({ code: null, message: "no space" });
});

test("a cluster that CloudTower could not reach is a kind of its own", () => {
  for (const text of [
    "TimeoutError: Request timed out",
    "HTTPError: Response code 401 (Unauthorized) (401)",
    "RequestError: connect ETIMEDOUT 10.0.0.1:443",
    json({ error: { msg: "RequestError: connect EHOSTUNREACH 10.0.0.1:443" } }),
    "HTTPError: Response code 504 (Gateway Timeout)",
    "connect ECONNREFUSED 10.0.0.1:443",
    "创建快照失败：read ECONNRESET",
    "Error: socket hang up",
    "ESOCKETTIMEDOUT",
    json({ code: "EHOSTDOWN", message: "no route" }),
  ]) {
    expect(parseTaskError("UNKNOWN_ERROR", text), text).toMatchObject({ kind: "CLUSTER_UNREACHABLE" });
    expect(parseTaskError(null, text), text).toMatchObject({ kind: "CLUSTER_UNREACHABLE", code: null });
  }
  expect(parseTaskError("TimeoutError", null)).toMatchObject({ kind: "CLUSTER_UNREACHABLE" });
  // The cluster answered: its own error decides.
  expect(parseTaskError(null, json({ ec: "JOB_X", error: { msg: "TimeoutError in the job" } }))).toMatchObject({
    kind: "REPORTED",
  });
  expect(parseTaskError(null, "HTTPError: Response code 500 (500)")).toMatchObject({ kind: "REPORTED" });
});
