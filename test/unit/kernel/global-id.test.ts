import { describe, expect, test } from "vitest";
import { ErrorCode } from "../../../src/kernel/errors.js";
import { cloudTowerId, globalId, quote, splitGlobalId } from "../../../src/kernel/text/global-id.js";

const BAD_INPUT = expect.objectContaining({ code: ErrorCode.BadUserInput });

describe("a global id", () => {
  test("is readable, and splits into its parts", () => {
    expect(globalId("Vm", "cl2k9x0a0")).toBe("Vm:cl2k9x0a0");
    expect(splitGlobalId("Vm:cl2k9x0a0")).toEqual({ typename: "Vm", localId: "cl2k9x0a0" });
  });

  test("may hold several keys", () => {
    expect(splitGlobalId("VmDisk:vm1:volume2")).toEqual({ typename: "VmDisk", localId: "vm1:volume2" });
  });

  test.each(["", ":", "Vm", "Vm:", ":cl2k9x0a0", "Vm:a b", "Vm:a\nb", "Vm:a:", 'Vm:"}', `Vm:${"a".repeat(129)}`])(
    "is refused if it is %j",
    (id) => {
      expect(() => splitGlobalId(id)).toThrow(BAD_INPUT);
    },
  );
});

describe("an id argument", () => {
  test("accepts the global and the bare form", () => {
    expect(cloudTowerId("Vm", "Vm:cl2k9x0a0")).toBe("cl2k9x0a0");
    expect(cloudTowerId("Vm", "cl2k9x0a0")).toBe("cl2k9x0a0");
  });

  test("that belongs to another type is refused, naming both types", () => {
    expect(() => cloudTowerId("Vm", "VmVolume:cl2k9x0a0")).toThrow(
      'Not the id of a Vm, but of a VmVolume: "VmVolume:cl2k9x0a0".',
    );
  });

  test.each(["", " ", "cl2k 9x", "Vm:a:b", "../login", "a/b", "{}", "\u0000"])("is refused if it is %j", (id) => {
    expect(() => cloudTowerId("Vm", id)).toThrow(BAD_INPUT);
  });

  test("is shortened in messages", () => {
    expect(quote("a".repeat(1000))).toHaveLength(82);
    expect(() => cloudTowerId("Vm", "?".repeat(100_000))).toThrow(/^.{1,200}$/);
  });
});
