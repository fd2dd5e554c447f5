import { expect, test, vi } from "vitest";
import { TimeSlicer } from "../../src/kernel/turns/time-slicer.js";
import { everything } from "../graph/support/everything.js";
import { graphLists } from "../graph/support/graph-lists.js";
import { startGateway } from "../support/gateway.js";

test("a result that is written in many slices of time has the same content, in every field of every list", async () => {
  const gateway = await startGateway({ simulator: { vms: 3 } });
  const spies = [vi.spyOn(TimeSlicer.prototype, "isOver"), vi.spyOn(TimeSlicer.prototype, "isOverAfterStep")];
  const read = (isAlwaysOver: boolean, query: string) => {
    for (const spy of spies) spy.mockReturnValue(isAlwaysOver);
    return gateway.data(query);
  };

  try {
    for (const { name, resource } of graphLists()) {
      const query = `{ ${name}(first: 2) { nodes { ${everything(resource.typename)} } } }`;
      expect(await read(true, query), name).toEqual(await read(false, query));
    }
  } finally {
    for (const spy of spies) spy.mockRestore();
  }
});
