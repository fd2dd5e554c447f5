import { readdir, readFile } from "node:fs/promises";
import { join, posix } from "node:path";
import { Kind, parse } from "graphql";
import { Marked, type Tokens } from "marked";
import type { Plugin } from "vite";

/** A page of the documentation. */
interface Page {
  /** File name without extension. */
  readonly name: string;
  readonly title: string;
  /** First sentence. */
  readonly summary: string;
  readonly markdown: string;
}

/**
 * Renders the documentation to `docs/*.html` of the page: who has the gateway has the documentation of the same version, without a
 * request to anywhere else. Each GraphQL operation in it has a link that opens it in GraphiQL.
 *
 * @param folder of the Markdown files.
 */
export function docs(folder: string): Plugin {
  return {
    name: "docs",
    apply: "build",
    async generateBundle() {
      const pages = await readPages(folder);
      const emit = (fileName: string, source: string) => this.emitFile({ type: "asset", fileName, source });
      emit("docs/docs.css", await readFile(join(import.meta.dirname, "docs.css"), "utf8"));
      emit("docs/icon.svg", await readFile(join(import.meta.dirname, "../icon.svg"), "utf8"));
      for (const page of pages) {
        const body = renderer(pages).parse(page.markdown, { async: false });
        emit(`docs/${page.name}.html`, html(page.title, body, pages, page));
      }
      const list = pages.map(
        ({ name, title, summary }) => `<li><a href="${name}.html">${escapeHtml(title)}</a><p>${summary}</p></li>`,
      );
      const body = `<h1>Documentation</h1><ul class="index">${list.join("")}</ul>`;
      emit("docs/index.html", html("Documentation", body, pages, undefined));
    },
  };
}

async function readPages(folder: string): Promise<readonly Page[]> {
  const files = (await readdir(folder)).filter((file) => file.endsWith(".md")).sort();
  return Promise.all(
    files.map(async (file) => {
      const markdown = await readFile(join(folder, file), "utf8");
      const title = /^# (.+)$/m.exec(markdown)?.[1] ?? file;
      const paragraph = markdown.split(/\n\n+/).find((block) => /^[A-Z]/.test(block)) ?? "";
      const sentence = /^.+?[.:](?=\s|$)/s.exec(paragraph)?.[0] ?? paragraph;
      const summary = new Marked().parseInline(sentence.replace(/:$/, "."), { async: false });
      return { name: file.slice(0, -".md".length), title, summary: withoutLinks(summary), markdown };
    }),
  );
}

function renderer(pages: readonly Page[]): Marked {
  return new Marked({
    renderer: {
      heading({ tokens, depth, text }: Tokens.Heading) {
        return `<h${depth} id="${slug(text)}">${this.parser.parseInline(tokens)}</h${depth}>\n`;
      },
      link({ href, tokens }: Tokens.Link) {
        const text = this.parser.parseInline(tokens);
        const target = targetOf(href, pages);
        if (target !== undefined) return `<a href="${escapeHtml(target)}">${text}</a>`;
        return `<span title="In the repository: ${escapeHtml(posix.join("docs", href))}">${text}</span>`;
      },
      code({ text, lang }: Tokens.Code) {
        const open = lang === "graphql" && isOperation(text) ? openLink(text) : "";
        return `<div class="code"><pre tabindex="0"><code>${escapeHtml(text)}</code></pre>${open}</div>\n`;
      },
      table(token: Tokens.Table) {
        const cells = (row: Tokens.TableCell[], tag: string) =>
          `<tr>${row.map(({ tokens }) => `<${tag}>${this.parser.parseInline(tokens)}</${tag}>`).join("")}</tr>`;
        const rows = token.rows.map((row) => cells(row, "td")).join("");
        return `<div class="table"><table><thead>${cells(token.header, "th")}</thead><tbody>${rows}</tbody></table></div>\n`;
      },
    },
  });
}

/** Where a link of a page leads in the rendered documentation; undefined if only the repository has its target. */
function targetOf(href: string, pages: readonly Page[]): string | undefined {
  if (href.startsWith("#") || /^https?:/.test(href)) return href;
  if (href === "../schema.graphql") return "../../schema.graphql";
  const [path = "", anchor] = href.split("#");
  const page = pages.find(({ name }) => path === `${name}.md`);
  return page && `${page.name}.html${anchor === undefined ? "" : `#${anchor}`}`;
}

function openLink(text: string): string {
  const parameters = new URLSearchParams({ query: `${text}\n` });
  return `<a class="open" href="../../graphql?${escapeHtml(parameters.toString())}">Open in GraphiQL</a>`;
}

/** Whether a text is operations rather than a part of a schema. */
function isOperation(text: string): boolean {
  try {
    return parse(text).definitions.every(
      ({ kind }) => kind === Kind.OPERATION_DEFINITION || kind === Kind.FRAGMENT_DEFINITION,
    );
  } catch {
    return false;
  }
}

/** As GitHub makes anchors. */
function slug(text: string): string {
  return text
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s_-]/gu, "")
    .replaceAll(" ", "-");
}

function html(title: string, body: string, pages: readonly Page[], current: Page | undefined): string {
  const items = pages.map(({ name, title: text }) => {
    const mark = name === current?.name ? ' aria-current="page"' : "";
    return `<li><a href="${name}.html"${mark}>${escapeHtml(text)}</a></li>`;
  });
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(title)} · TowerQL</title>
<link rel="icon" type="image/svg+xml" href="icon.svg">
<link rel="stylesheet" href="docs.css">
</head>
<body>
<nav aria-label="Documentation"><a class="home" href="../../graphql">TowerQL</a><ul>${items.join("")}</ul></nav>
<main>
${body}</main>
</body>
</html>
`;
}

function withoutLinks(text: string): string {
  return text.replace(/<\/?a\b[^>]*>/g, "");
}

function escapeHtml(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");
}
