// Makes docs/images/graph.png from the real page: a VM with its disks, down to ZBS, and a snapshot below.
// Usage: node scripts/ensure.mjs scripts/picture.mjs
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { chromium } from "playwright-core";

const FILE = join(import.meta.dirname, "../docs/images/graph.png");
const VM = "web-prod-01";
const SNAPSHOT = "before-upgrade";
const QUERY = `query TheGraph($vm: String!) {
  vms(filter: { name: { eq: $vm } }) { nodes {
    id name status
    disks(type: DISK) { id bus volume { id name sizeBytes lun { id name storageVolume { id zbsId sizeBytes } } } }
    snapshots(filter: { name: { eq: "${SNAPSHOT}" } }) { nodes { id name createdAt disks(type: DISK) { index lunSnapshot { id name storageVolume { id zbsId } } } } }
  } }
}`;

const env = { ...process.env, HOST: "127.0.0.1", PORT: "0", LOG_LEVEL: "silent" };
const gateway = spawn(process.execPath, [join(import.meta.dirname, "../dist/main.js")], {
  env,
  stdio: ["ignore", "pipe", "inherit"],
});
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM_PATH ?? "/usr/bin/chromium",
  args: ["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
});
try {
  const [line] = await once(createInterface(gateway.stdout), "line");
  const [origin] = /http:\/\/[\d.:]+/.exec(line);
  await takeSnapshot(origin);
  await takePicture(origin);
} finally {
  await browser.close();
  gateway.kill();
}

async function takeSnapshot(origin) {
  const [{ id }] = (await send(origin, `{ vms(filter: { name: { eq: "${VM}" } }) { nodes { id } } }`)).vms.nodes;
  const { createVmSnapshot } = await send(
    origin,
    `mutation { createVmSnapshot(input: { vmId: "${id}", name: "${SNAPSHOT}" }) { snapshot { id } } }`,
  );
  const ready = `subscription { vmSnapshotReady(snapshotId: "${createVmSnapshot.snapshot.id}") { ready } }`;
  await send(origin, ready, "text/event-stream");
}

async function takePicture(origin) {
  const page = await browser.newPage({
    viewport: { width: 2180, height: 520 },
    deviceScaleFactor: 1.5,
    colorScheme: "light",
  });
  const search = new URLSearchParams({ query: QUERY, variables: JSON.stringify({ vm: VM }) });
  await page.goto(`${origin}/graphql?${search}`);
  await page.locator(".graphiql-query-editor .view-line").first().waitFor();
  await page.locator(".graphiql-response .view-lines").waitFor({ state: "attached" });
  await page.getByRole("button", { name: "Execute query" }).click();
  await page.getByRole("button", { name: "Show Graph", exact: true }).click();
  await page.getByRole("treeitem", { name: `VmVolume ${VM}-1,` }).click();
  await page.mouse.move(0, 0);
  // The picture is about the drawing; its edges stay highlighted.
  await page.addStyleTag({ content: ".graph-details, .graph-zoom, .graph-head { display: none !important }" });
  mkdirSync(join(FILE, ".."), { recursive: true });
  await page.locator(".graph-plane").screenshot({ path: FILE });
}

async function send(origin, query, accept = "application/json") {
  const response = await fetch(`${origin}/graphql`, {
    method: "POST",
    headers: { "content-type": "application/json", accept },
    body: JSON.stringify({ query }),
  });
  const text = await response.text();
  if (accept !== "application/json") return text;
  const { data, errors } = JSON.parse(text);
  if (errors !== undefined) throw new Error(errors[0].message);
  return data;
}
