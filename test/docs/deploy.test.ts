import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { expect, test } from "vitest";
import { parseAllDocuments } from "yaml";
import { loadConfig, settings } from "../../src/config.js";
import { startGateway } from "../support/gateway.js";

const DEPLOY = new URL("../../deploy/", import.meta.url);
const KUBERNETES = new URL("kubernetes/", DEPLOY);
/** What a gateway needs at most after the delay: see src/main.ts. */
const STOP_SECONDS = 15;
const variables: readonly string[] = Object.values(settings).flatMap(({ variable }) => [variable, `${variable}_FILE`]);
const hasPromtool = spawnSync("promtool", ["--version"]).status === 0;
const hasCaddy = spawnSync("caddy", ["version"]).status === 0;

/** An object of a file whose shape the test knows. */
// biome-ignore lint/suspicious/noExplicitAny: manifests have no types here.
type Manifest = any;

/** Parses strictly: no key twice, no unknown tag, no warning. */
function manifest(name: string): Manifest {
  const documents = parseAllDocuments(text(name), { strict: true, uniqueKeys: true, merge: true });
  if (!Array.isArray(documents) || documents.length !== 1) throw new Error(`${name} must have one document`);
  const [document] = documents;
  expect([document?.errors, document?.warnings]).toEqual([[], []]);
  return document?.toJS();
}

function text(name: string): string {
  return readFileSync(new URL(name, DEPLOY), "utf8");
}

function loaded(env: Record<string, string>): ReturnType<typeof loadConfig> {
  return loadConfig({ NODE_ENV: "production", ...env });
}

test("compose starts gateways with known settings, and waits long enough when they stop", () => {
  const { services, secrets } = manifest("compose.yaml");
  const gateways = [services["gateway-1"], services["gateway-2"]];
  for (const { environment, stop_grace_period, secrets: used } of gateways) {
    for (const name of Object.keys(environment)) expect(variables).toContain(name);
    expect(used.every((name: string) => name in secrets)).toBe(true);
    const { shutdownDelaySeconds } = loaded({
      ...environment,
      CLOUDTOWER_URL: "https://tower.example",
      REDIS_URL: "redis://:secret@redis",
    });
    expect(Number.parseInt(stop_grace_period, 10)).toBeGreaterThanOrEqual(Number(shutdownDelaySeconds) + STOP_SECONDS);
  }
  expect(services.redis.command.at(-1)).toContain("--maxmemory-policy noeviction");
});

test("the manifests of Kubernetes fit together", () => {
  const kustomization = manifest("kubernetes/kustomization.yaml");
  const files = readdirSync(KUBERNETES).filter((name) => name !== "kustomization.yaml");
  expect([...kustomization.resources].sort()).toEqual(files.sort());
  const all = Object.fromEntries(files.map((name) => [name, manifest(`kubernetes/${name}`)]));
  for (const one of Object.values(all)) expect(Object.keys(one)).toEqual(["apiVersion", "kind", "metadata", "spec"]);

  const deployment = all["deployment.yaml"].spec;
  const pod = deployment.template.spec;
  const [container] = pod.containers;
  const labels = deployment.template.metadata.labels;
  const selectors = [
    deployment.selector.matchLabels,
    all["service.yaml"].spec.selector,
    all["poddisruptionbudget.yaml"].spec.selector.matchLabels,
    all["networkpolicy.yaml"].spec.podSelector.matchLabels,
    pod.topologySpreadConstraints[0].labelSelector.matchLabels,
  ];
  for (const selector of selectors) expect(selector).toEqual(labels);
  expect(all["servicemonitor.yaml"].spec.selector.matchLabels).toEqual(all["service.yaml"].metadata.labels);
  expect(all["horizontalpodautoscaler.yaml"].spec.scaleTargetRef.name).toBe(all["deployment.yaml"].metadata.name);
  expect(kustomization.images[0].name).toBe(container.image);

  const [{ name, literals }] = kustomization.configMapGenerator;
  expect(container.envFrom).toEqual([{ configMapRef: { name } }]);
  const env = Object.fromEntries(literals.map((literal: string) => literal.split(/=(.*)/s, 2)));
  for (const variable of [...Object.keys(env), ...container.env.map((one: { name: string }) => one.name)]) {
    expect(variables).toContain(variable);
  }
  const { port, shutdownDelaySeconds } = loaded({ ...env, REDIS_URL: "redis://redis" });
  expect(container.ports).toEqual([{ name: "http", containerPort: port }]);
  expect(pod.terminationGracePeriodSeconds).toBeGreaterThanOrEqual(Number(shutdownDelaySeconds) + STOP_SECONDS);
  // The endpoints are gone before the gateway refuses requests.
  const { periodSeconds, failureThreshold } = container.readinessProbe;
  expect(periodSeconds * failureThreshold).toBeLessThan(Number(shutdownDelaySeconds));
});

test("the metrics of the dashboard and of the rules exist, with the labels that are used", async () => {
  const gateway = await startGateway();
  await gateway.query("{ vms { totalCount } }");
  const page = await (await fetch(`${gateway.url}/metrics`)).text();
  const known = new Set(
    [...page.matchAll(/^# TYPE (\S+) (\w+)/gm)].flatMap(([, name = "", type]) => names(name, type)),
  );
  const { panels, templating } = JSON.parse(text("grafana/towerql.json"));
  const queries: string[] = panels.flatMap(({ targets = [] }: Manifest) => targets.map(({ expr }: Manifest) => expr));
  const rules: string[] = manifest("prometheus/alerts.yaml").groups[0].rules.map(({ expr }: Manifest) => expr);

  const used = [...queries, ...rules].flatMap((expr) => expr.match(/\b(?:towerql|nodejs|process)_\w+/g) ?? []);
  expect(used.length).toBeGreaterThan(30);
  expect([...new Set(used)].filter((name) => !known.has(name))).toEqual([]);
  expect(JSON.stringify(templating)).toContain("label_values(towerql_writes_possible, job)");
  // Every metric of the gateway itself is shown somewhere.
  const shown = used.join(" ");
  const own = [...page.matchAll(/^# TYPE (towerql_\w+)/gm)].map(([, name = ""]) => name);
  expect(own.filter((name) => !shown.includes(name))).toEqual([]);
});

function names(name: string, type: string | undefined): string[] {
  return type === "histogram" ? ["bucket", "sum", "count"].map((suffix) => `${name}_${suffix}`) : [name];
}

test.skipIf(!hasCaddy)("Caddy accepts its configuration", () => {
  const args = ["adapt", "--config", "proxies/Caddyfile", "--validate"];
  const env = { PATH: process.env.PATH, HOME: tmpdir(), XDG_DATA_HOME: tmpdir() };
  const { status, stderr } = spawnSync("caddy", args, { cwd: DEPLOY, env, encoding: "utf8" });
  expect(status, stderr).toBe(0);
});

test.skipIf(!hasPromtool)("the rules do what their tests say", () => {
  const { status, stdout, stderr } = spawnSync("promtool", ["test", "rules", "alerts.test.yaml"], {
    cwd: new URL("prometheus/", DEPLOY),
    encoding: "utf8",
  });
  expect([status, stderr, stdout]).toEqual([0, "", expect.stringContaining("SUCCESS")]);
});
