import { existsSync } from "node:fs";
import {
  type Browser,
  type BrowserContext,
  type BrowserContextOptions,
  chromium,
  type Locator,
  type Page,
  type Response,
  type WebSocket,
} from "playwright-core";

// Global of the browser, in which functions passed to `waitForFunction` run.
declare const sessionStorage: { getItem(key: string): string | null };

/** Timeout of every wait for something on the page. */
const WAIT_MS = 15_000;

/** Path of Chromium: `CHROMIUM_PATH` or that of Debian's package; undefined if neither exists. */
export const chromiumPath = [process.env.CHROMIUM_PATH, "/usr/bin/chromium"].find((path) => path && existsSync(path));

/** Launches headless Chromium without background connections. The caller closes it. */
export function launchChromium(): Promise<Browser> {
  return chromium.launch({
    executablePath: chromiumPath,
    args: [
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
    ],
  });
}

/** A message of the protocol graphql-transport-ws. */
export interface Frame {
  type: string;
  payload?: Record<string, unknown>;
}

/** A WebSocket that the page opened, with its messages. */
export interface ObservedSocket {
  url: string;
  sent: Frame[];
  received: Frame[];
}

/** How to open the page, in addition to the options of a browser context. */
export interface OpenOptions extends BrowserContextOptions {
  /** Query of the address, with its question mark. @default "" */
  readonly search?: string;
}

/** The two editors below the operation. */
type Tool = "Variables" | "Headers";

/** Drives GraphiQL as a user does, and records errors, requests and WebSockets. */
export class GraphiqlPage {
  /** Errors on the console, exceptions, policy violations and failed requests. */
  readonly problems: string[] = [];
  /** URLs of requests to other origins. */
  readonly foreignRequests: string[] = [];
  readonly sockets: ObservedSocket[] = [];
  /** Responses from the gateway, workers included. */
  readonly responses: Response[] = [];

  private constructor(
    readonly page: Page,
    origin: string,
  ) {
    page.on("console", (message) => {
      if (message.type() === "error") this.problems.push(message.text());
    });
    page.on("pageerror", (error) => this.problems.push(String(error)));
    page.on("requestfailed", (request) => this.problems.push(`${request.url()}: ${request.failure()?.errorText}`));
    page.on("request", (request) => {
      const { protocol, host } = new URL(request.url());
      if (protocol.startsWith("http") && host !== new URL(origin).host) this.foreignRequests.push(request.url());
    });
    page.context().on("response", (response) => this.responses.push(response));
    page.on("websocket", (socket) => this.observe(socket));
  }

  /** Opens a new, empty session at `/graphql` below `origin` and waits for the schema. */
  static async open(
    browser: Browser,
    origin: string,
    { search = "", ...options }: OpenOptions = {},
  ): Promise<GraphiqlPage> {
    const context = await browser.newContext({ viewport: { width: 1400, height: 1600 }, ...options });
    context.setDefaultTimeout(WAIT_MS);
    return GraphiqlPage.openIn(context, origin, search);
  }

  /** Opens the page in a new tab of a browser that may have been there before. */
  static async openIn(context: BrowserContext, origin: string, search = ""): Promise<GraphiqlPage> {
    const page = new GraphiqlPage(await context.newPage(), origin);
    await page.load(() => page.page.goto(`${origin}/graphql${search}`));
    return page;
  }

  /** Reloads the page in its session and waits for the schema. */
  async reload(): Promise<void> {
    await this.load(() => this.page.reload());
  }

  async openTab(operationName: string): Promise<void> {
    await this.page.getByRole("tab", { name: operationName }).click();
    // GraphiQL notices the change of document after a moment and then stores it; nothing else shows that it did.
    await this.page.waitForFunction((name) => sessionStorage.getItem("graphiql:query")?.includes(name), operationName);
  }

  async execute(): Promise<void> {
    // Close the completion popup, which covers the button.
    await this.page.keyboard.press("Escape");
    await this.page.getByRole("button", { name: "Execute query" }).click();
  }

  /** Opens a view beside the editors. */
  async openView(name: "Graph" | "Tasks" | "History"): Promise<void> {
    await this.page.getByRole("button", { name: `Show ${name}`, exact: true }).click();
  }

  /** Enters a token in the dialog that the button at the top right opens, unless it is open. */
  async signIn(token: string): Promise<void> {
    const dialog = this.page.getByRole("dialog", { name: "Who you are" });
    if (!(await dialog.isVisible())) await this.page.locator(".top-bar [aria-haspopup=dialog]").click();
    await dialog.locator("input[type=password]").fill(token);
    await dialog.getByRole("button", { name: "Use it" }).click();
    await dialog.waitFor({ state: "hidden" });
  }

  /** Waits until the line above the editors shows `text`. */
  async seeAdvice(text: RegExp): Promise<void> {
    await this.page.locator(".advice").filter({ hasText: text }).waitFor();
  }

  /** Waits until the response pane shows `text`. Monaco renders only visible lines, so keep responses short. */
  async seeInResponse(text: RegExp): Promise<void> {
    await this.page.locator(".graphiql-response .view-lines").filter({ hasText: text }).waitFor();
  }

  /** Waits until the variables editor shows `text`, and returns its first group, if any. */
  async seeInVariables(text: RegExp): Promise<string | undefined> {
    const editor = this.toolsEditor("Variables").filter({ hasText: text });
    await editor.waitFor();
    return text.exec((await editor.textContent()) ?? "")?.[1];
  }

  /** Replaces the content of the variables editor. */
  async typeVariables(variables: Record<string, unknown>): Promise<void> {
    await this.type("Variables", JSON.stringify(variables));
  }

  /** Replaces the content of the headers editor in the open tab. */
  async typeHeaders(headers: Record<string, string>): Promise<void> {
    await this.type("Headers", JSON.stringify(headers));
  }

  private async type(tool: Tool, text: string): Promise<void> {
    await this.page.getByRole("button", { name: tool, exact: true }).click();
    await this.toolsEditor(tool).click();
    await this.page.keyboard.press("ControlOrMeta+A");
    await this.page.keyboard.press("Backspace");
    // Insert as if pasted: Monaco would add closing brackets to typed text.
    await this.page.keyboard.insertText(text);
    await this.page.keyboard.press("Escape");
    // GraphiQL stores the text when typing stops; leaving the tab or reloading before that would lose it.
    await this.page.waitForFunction((typed) => {
      const { tabs = [] } = JSON.parse(sessionStorage.getItem("graphiql:tabState") ?? "{}");
      return tabs.some((tab: { variables: string; headers: string }) => [tab.variables, tab.headers].includes(typed));
    }, text);
  }

  private toolsEditor(tool: Tool): Locator {
    return this.page
      .getByRole("region", { name: tool, exact: true })
      .locator(".graphiql-editor:not(.hidden) .view-lines");
  }

  private observe(socket: WebSocket): void {
    const observed: ObservedSocket = { url: socket.url(), sent: [], received: [] };
    this.sockets.push(observed);
    socket.on("framesent", ({ payload }) => observed.sent.push(JSON.parse(String(payload))));
    socket.on("framereceived", ({ payload }) => observed.received.push(JSON.parse(String(payload))));
  }

  private async load(navigate: () => Promise<unknown>): Promise<void> {
    const schema = this.page.waitForResponse((response) => response.request().method() === "POST");
    await navigate();
    await schema;
    // The execute button appears before the editors and does nothing without them.
    await this.page.locator(".graphiql-query-editor .view-line").first().waitFor();
    await this.page.locator(".graphiql-response .view-lines").waitFor({ state: "attached" });
  }
}
