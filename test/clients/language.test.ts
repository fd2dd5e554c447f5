import { createClient } from "graphql-ws";
import { expect, onTestFinished, test } from "vitest";
import WebSocket from "ws";
import { startGateway } from "../support/gateway.js";

const TASKS = "{ tasks(first: 1) { nodes { id description } } }";
interface Tasks {
  readonly tasks: { readonly nodes: readonly { readonly id: string; readonly description: string }[] };
}

/** A WebSocket class that sends an Accept-Language header, as browsers do. */
function webSocketWithLanguage(language: string) {
  return class extends WebSocket {
    constructor(url: string, protocol: string) {
      super(url, protocol, { headers: { "accept-language": language } });
    }
  };
}

const HAN = /\p{Script=Han}/u;

test.each([
  ["zh-CN,zh;q=0.9,en;q=0.5", "zh-CN"],
  ["zh-TW", "zh-CN"],
  ["en-GB,zh;q=0.8", "en-US"],
  ["fr-FR, zh;q=0.3, en;q=0.2", "zh-CN"],
  ["fr-FR", "en-US"],
  ["zh;q=0, en", "en-US"],
  ["*", "en-US"],
])("a client that sends Accept-Language %s gets tasks in %s", async (acceptLanguage, language) => {
  const gateway = await startGateway();

  const { tasks } = await gateway.data<Tasks>(TASKS, undefined, { "accept-language": acceptLanguage });

  expect(gateway.simulator.calls.of("get-tasks")[0]?.headers["content-language"]).toBe(language);
  expect(HAN.test(tasks.nodes[0]?.description.replace(/".*?"|「.*?」|\[.*?\]/g, "") ?? "")).toBe(language === "zh-CN");
});

test("a task has a description in each language, and is the same node", async () => {
  const gateway = await startGateway();

  const english = await gateway.data<Tasks>(TASKS, undefined, { "accept-language": "en-US" });
  const chinese = await gateway.data<Tasks>(TASKS, undefined, { "accept-language": "zh-CN" });

  expect(english.tasks.nodes[0]?.id).toBe(chinese.tasks.nodes[0]?.id);
  expect(english.tasks.nodes[0]?.description).not.toBe(chinese.tasks.nodes[0]?.description);
});

test("two subscriptions to one task in two languages each get their own", async () => {
  const gateway = await startGateway();
  const [vm] = gateway.simulator.control.rows("Vm", { name: "web-prod-01" });
  const { createVmSnapshot } = await gateway.data<{ createVmSnapshot: { task: { id: string } } }>(
    `mutation ($vmId: ID!) { createVmSnapshot(input: { vmId: $vmId, name: "two" }) { task { id } } }`,
    { vmId: vm?.id },
  );
  const first = async (language: string): Promise<string> => {
    const client = createClient({
      url: `${gateway.url.replace("http", "ws")}/graphql`,
      webSocketImpl: webSocketWithLanguage(language),
      connectionParams: { authorization: gateway.token },
    });
    onTestFinished(async () => client.dispose());
    const stream = client.iterate<{ taskProgress: { description: string } }>({
      query: "subscription ($id: ID!) { taskProgress(taskId: $id) { description } }",
      variables: { id: createVmSnapshot.task.id },
    });
    for await (const { data } of stream) return data?.taskProgress.description ?? "";
    return "";
  };

  const [english, chinese] = await Promise.all([first("en-US"), first("zh-CN")]);

  expect(HAN.test(english)).toBe(false);
  expect(HAN.test(chinese)).toBe(true);
});
