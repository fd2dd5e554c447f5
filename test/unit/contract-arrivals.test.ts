import { describe, expect, test } from "vitest";
// @ts-expect-error: a script without types
import { readArrivals } from "../../scripts/contract/arrivals.mjs";

type Fields = Readonly<Record<string, string>>;

/** A document of that version whose VMs have these fields and whose stubs of labels have those. */
function document(version: string, vm: Fields, label: Fields = { id: "string" }, statuses = ["RUNNING"]) {
  const properties = (fields: Fields) =>
    Object.fromEntries(Object.entries(fields).map(([name, type]) => [name, { type, format: "int64" }]));
  const list = { schema: { type: "array", items: { $ref: "#/components/schemas/Vm" } } };
  const related = { type: "array", items: { $ref: "#/components/schemas/NestedLabel" } };
  return {
    info: { version },
    paths: { "/get-vms": { post: { responses: { 200: { content: { "application/json": list } } } } } },
    components: {
      schemas: {
        Vm: { properties: { ...properties(vm), labels: related, status: { $ref: "#/components/schemas/VmStatus" } } },
        VmWhereInput: { properties: { labels_some: {} } },
        NestedLabel: { properties: properties(label) },
        VmStatus: { enum: statuses },
        ErrorBody: { properties: {} },
      },
    },
  };
}

const arrivalsOf = (documents: object[], exact: object = {}) => readArrivals(documents, exact) as object;

describe("the table of arrivals", () => {
  test("has the last document without a field and the first with it", () => {
    const fields = { id: "string" };
    const first = document("1.0.0", fields);
    const second = document("2.0.0", fields);
    const third = document("3.0.0", { ...fields, size: "integer" }, { id: "string", key: "string" }, [
      "RUNNING",
      "LOST",
    ]);

    const table = {
      "NestedLabel.key": { without: "2.0.0", with: "3.0.0" },
      "Vm.size": { without: "2.0.0", with: "3.0.0" },
      "VmStatus.LOST": { without: "2.0.0", with: "3.0.0" },
    };
    expect(arrivalsOf([first, second, third])).toEqual(table);
    expect(arrivalsOf([first, third])).toEqual({
      "NestedLabel.key": { without: "1.0.0", with: "3.0.0" },
      "Vm.size": { without: "1.0.0", with: "3.0.0" },
      "VmStatus.LOST": { without: "1.0.0", with: "3.0.0" },
    });
    expect(arrivalsOf([third])).toEqual({});
  });

  test("has the exact version if it is known, also if no document is old enough to lack the field", () => {
    const first = document("2.0.0", { id: "string" });
    const second = document("3.0.0", { id: "string", size: "integer" });

    expect(arrivalsOf([first, second], { 2.4: ["Vm.size"], 1.5: ["Vm.status"] })).toEqual({
      "Vm.size": { without: "2.0.0", with: "3.0.0", since: "2.4" },
      "Vm.status": { with: "2.0.0", since: "1.5" },
    });
  });

  test.each<[string, object, string]>([
    [
      "after the first document with it",
      { 3.1: ["Vm.size"] },
      "Vm.size arrived after 2.0.0, at the latest in 3.0.0, not in 3.1",
    ],
    ["before a document without it", { 1.9: ["Vm.size"] }, "Vm.size arrived after 2.0.0"],
    ["of something that does not exist", { 2.5: ["Vm.weight"] }, "the newest document does not"],
  ])("refuses an exact version %s", (_, exact, message) => {
    const documents = [document("2.0.0", { id: "string" }), document("3.0.0", { id: "string", size: "integer" })];

    expect(() => arrivalsOf(documents, exact)).toThrow(message);
  });

  test.each<[string, Fields, Fields, string]>([
    ["removed", { id: "string", size: "integer" }, { id: "string" }, "Vm.size of 1.0.0 was removed later"],
    ["of another kind later", { size: "integer" }, { size: "boolean" }, "Vm.size is int64 in 1.0.0, but boolean"],
  ])("refuses a field that was %s", (_, before, after, message) => {
    expect(() => arrivalsOf([document("1.0.0", before), document("2.0.0", after)])).toThrow(message);
  });
});
