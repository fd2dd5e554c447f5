import { describe, expect, test } from "vitest";
import { adviceFor } from "../../src/graphiql/page/advice.js";
import { missingStep } from "../../src/graphiql/page/missing-step.js";
import { openingTabs, storeTabs } from "../../src/graphiql/tabs/opening-tabs.js";
import { PageStorage, type TextStorage } from "../../src/graphiql/tabs/page-storage.js";
import { MAX_LINK_CHARACTERS, sharedOperation, shareLink } from "../../src/graphiql/tabs/share-link.js";
import { type Task, TaskList } from "../../src/graphiql/tasks-view/task-list.js";
import type { PageEnvironment } from "../../src/http/graphiql/environment.js";

describe("the storage of the page", () => {
  test("writes no header to the disk, whatever GraphiQL stores and however deep", () => {
    const [session, lasting] = [memory(), memory()];
    const storage = new PageStorage(session, lasting);
    const secret = JSON.stringify({ Authorization: "secret" });
    const tab = { id: "1", title: "t", query: "{ a }", headers: secret };
    storage.setItem("graphiql:headers", secret);
    storage.setItem("graphiql:tabState", JSON.stringify({ tabs: [tab], activeTabIndex: 0 }));
    storage.setItem("graphiql:queries", JSON.stringify({ queries: [{ ...tab, deeper: { Headers: secret } }] }));
    storage.setItem("graphiql:favorites", JSON.stringify({ favorites: [tab] }));
    storage.setItem("graphiql:query", "# headers\n{ a }");
    expect(JSON.stringify([...entries(lasting)])).not.toContain("secret");
    expect(lasting.getItem("graphiql:query")).toBe("# headers\n{ a }");
    expect(JSON.parse(lasting.getItem("graphiql:tabState") ?? "").tabs[0].query).toBe("{ a }");
    expect(storage.getItem("graphiql:headers")).toBe(secret);

    const next = new PageStorage(memory(), lasting);
    expect(next.getItem("graphiql:tabState")).toContain("{ a }");
    expect(next.getItem("graphiql:headers")).toBeNull();
    next.clear();
    expect([...entries(lasting)]).toEqual([]);
  });

  test("goes on with the session alone if the disk takes nothing", () => {
    const full = {
      ...memory(),
      setItem: () => {
        throw new Error("quota");
      },
      removeItem() {},
      getItem: () => null,
    } as unknown as TextStorage;
    const storage = new PageStorage(memory(), full);
    storage.setItem("graphiql:query", "{ a }");
    expect(storage.getItem("graphiql:query")).toBe("{ a }");
  });
});

describe("links", () => {
  test.each([
    ["{ vms { totalCount } }", undefined],
    ['mutation M($a: ID!) { x(a: $a) } # & ? + % 虚拟机 "', '{\n  "a": "Vm:1 & 2+3"\n}'],
  ])("carry %s", (query, variables) => {
    const link = shareLink("https://gateway.example/prefix/graphql?old=1#x", { query, variables }) ?? "";
    expect(link).toMatch(/^https:\/\/gateway\.example\/prefix\/graphql\?query=/);
    expect(sharedOperation(link)).toEqual(variables === undefined ? { query } : { query, variables });
  });

  test("are refused when they would be cut, and are none without an operation", () => {
    expect(shareLink("http://a/graphql", { query: `{ ${"a".repeat(MAX_LINK_CHARACTERS)} }` })).toBeUndefined();
    for (const search of ["", "?query=", "?query=%20", "?variables={}"])
      expect(sharedOperation(`http://a/graphql${search}`)).toBeUndefined();
  });
});

describe("the tabs that the page opens with", () => {
  const examples = [{ query: "query A { a }", variables: "{}" }, { query: "query B { b }" }];

  test("are the examples on a first visit, and whenever the stored ones are no tabs", () => {
    for (const stored of [null, "", "no JSON", "null", "[]", '{"tabs":[]}', '{"tabs":[{"id":1}],"activeTabIndex":0}']) {
      const { tabs, activeTabIndex } = openingTabs(stored, examples, undefined);
      expect(tabs.map(({ title, query }) => [title, query])).toEqual([
        ["A", "query A { a }"],
        ["B", "query B { b }"],
      ]);
      expect(activeTabIndex).toBe(0);
    }
  });

  test("are the stored ones, with the operation of a link in one of its own, once", () => {
    const stored = JSON.stringify(openingTabs(null, examples, undefined));
    const linked = openingTabs(stored, examples, { query: "{ c }" });
    expect(linked.tabs.map(({ query }) => query)).toEqual(["query A { a }", "query B { b }", "{ c }"]);
    expect(linked.activeTabIndex).toBe(2);
    expect(openingTabs(JSON.stringify(linked), examples, { query: "query B { b }" })).toMatchObject({
      activeTabIndex: 1,
    });
    expect(openingTabs(JSON.stringify({ ...linked, activeTabIndex: 9 }), examples, undefined).activeTabIndex).toBe(0);
  });

  test("agree with what GraphiQL takes for the current operation", () => {
    const storage = memory();
    storage.setItem("graphiql:variables", "stale");
    storeTabs(storage, openingTabs(null, examples, { query: "{ c }" }));
    expect(storage.getItem("graphiql:query")).toBe("{ c }");
    expect(storage.getItem("graphiql:variables")).toBeNull();
  });
});

describe("help", () => {
  const simulated: PageEnvironment = {
    ...{ version: "1", simulated: true, credential: "token", anonymous: "admin" },
    users: [{ username: "admin", token: "t", description: "" }],
  };
  const real: PageEnvironment = { ...simulated, simulated: false, anonymous: null, users: [] };
  const situation = {
    environment: simulated,
    token: undefined,
    outcome: undefined,
    fromLink: false,
    visibleView: undefined,
  };
  const failed = (code: string) => ({
    operationName: "Q",
    variables: {},
    response: { errors: [{ extensions: { code } }] },
  });
  const ran = (operationName: string, payload = {}) => ({
    operationName,
    variables: {},
    response: { data: { field: payload } },
  });

  test.each([
    ["a first visit", {}, /Run the first tab/, undefined],
    ["a link", { fromLink: true }, /came with a link/, undefined],
    ["no token", { environment: real }, /need a CloudTower token/, "signIn"],
    ["no key", { environment: { ...real, credential: "apiKey" as const } }, /need an API key/, "signIn"],
    [
      "a token that is not accepted",
      { environment: real, token: "x", outcome: failed("UNAUTHENTICATED") },
      /was not accepted/,
      "signIn",
    ],
    ["a forbidden read", { outcome: failed("FORBIDDEN") }, /may not do that/, "signIn"],
    [
      "a forbidden write",
      { outcome: ran("Q", { errors: [{ code: "PERMISSION_DENIED" }] }) },
      /may not do that/,
      "signIn",
    ],
    [
      "a forbidden write to a real CloudTower",
      { environment: real, token: "x", outcome: failed("FORBIDDEN") },
      /may not/,
      undefined,
    ],
    ["no response", { outcome: { ...ran("Q"), response: undefined } }, /did not respond/, undefined],
    ["the first tab", { outcome: ran("TheWholeGraph") }, /Tab 2/, "graph"],
    ["the second tab", { outcome: ran("TakeASnapshot", { errors: [] }) }, /Tab 3/, "tasks"],
  ])("fits %s", (_, change, text, action) => {
    const advice = adviceFor({ ...situation, ...change });
    expect(advice?.text).toMatch(text);
    expect(advice?.action?.kind).toBe(action);
  });

  test("is silent about what is there already, and about errors that speak for themselves", () => {
    expect(adviceFor({ ...situation, outcome: ran("TheWholeGraph"), visibleView: "graph" })).toBeUndefined();
    expect(adviceFor({ ...situation, outcome: failed("BAD_USER_INPUT") })).toBeUndefined();
    expect(adviceFor({ ...situation, outcome: ran("Mine") })).toBeUndefined();
  });

  test("names the tab that has a missing id", () => {
    expect(missingStep({ vmId: "" })).toMatch(/Run tab 1/);
    expect(missingStep({ taskId: "" })).toMatch(/Run tab 2/);
    for (const variables of [undefined, {}, { taskId: "Task:1" }, { name: "" }])
      expect(missingStep(variables)).toBeUndefined();
  });
});

describe("the list of tasks", () => {
  test("moves a task from running to ended, and never back", () => {
    const list = [
      task("1"),
      task("2"),
      task("1", { status: "SUCCEEDED", finishedAt: "2026-01-01T00:00:02Z" }),
      task("1"),
    ].reduce((sum, next) => sum.with(next, 0), TaskList.empty);
    expect(list.running.map(({ id }) => id)).toEqual(["2"]);
    expect(list.ended.map(({ id }) => id)).toEqual(["1"]);
  });

  test("is bounded, and keeps the newest", () => {
    let list = TaskList.empty;
    for (let index = 0; index < 300; index += 1) list = list.with(task(`r${index}`), 0);
    for (let index = 0; index < 90; index += 1) {
      list = list.with(task(`e${index}`, { status: "FAILED", finishedAt: new Date(index * 1000).toISOString() }), 0);
    }
    expect(list.running).toHaveLength(200);
    expect(list.running[0]?.id).toBe("r299");
    expect(list.ended).toHaveLength(50);
    expect(list.ended[0]?.id).toBe("e89");
  });

  test("claims a time that is left only if the steps or the progress tell", () => {
    const left = (...states: [Partial<Task>, number][]) =>
      states.reduce((list, [change, nowMs]) => list.with(task("1", change), nowMs), TaskList.empty).running[0]
        ?.secondsLeft;
    const step = { key: "data", current: 1, total: 2, unit: "BYTE", finished: false };
    expect(left([{ progress: 0.2 }, 0])).toBeUndefined();
    expect(left([{ progress: 0.2 }, 0], [{ progress: 0.4 }, 10_000])).toBeCloseTo(30);
    expect(left([{ progress: 0.2 }, 0], [{ progress: 0.2 }, 10_000])).toBeUndefined();
    expect(
      left([{ progress: 0.2, status: "PAUSED" }, 0], [{ progress: 0.4, status: "PAUSED" }, 10_000]),
    ).toBeUndefined();
    expect(
      left([
        {
          steps: [
            { ...step, secondsLeft: 4 },
            { ...step, secondsLeft: 5 },
          ],
        },
        0,
      ]),
    ).toBe(9);
    expect(
      left([
        {
          steps: [
            { ...step, secondsLeft: 4 },
            { ...step, secondsLeft: null },
          ],
        },
        0,
      ]),
    ).toBeUndefined();
  });
});

function task(id: string, change: Partial<Task> = {}): Task {
  return {
    ...{
      id,
      description: id,
      resourceMutation: null,
      status: "EXECUTING",
      progress: 0,
      startedAt: null,
      finishedAt: null,
    },
    ...{ steps: [], error: null, user: null, vm: null, ...change },
  };
}

function memory(): TextStorage {
  const values: Record<string, string> = {};
  const methods = {
    getItem: (key: string) => values[key] ?? null,
    setItem: (key: string, value: string) => {
      values[key] = value;
    },
    removeItem: (key: string) => {
      delete values[key];
    },
  };
  // As in a browser: keys of the storage are its own properties.
  return new Proxy(values, {
    get: (_, name) => Reflect.get(methods, name) ?? Reflect.get(values, name),
  }) as unknown as TextStorage;
}

function entries(storage: TextStorage): [string, string][] {
  return Object.entries(storage);
}
