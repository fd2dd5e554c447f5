import { expect, test } from "vitest";
import { planText } from "../support/plan-text.js";
import { codeBlocks, readPage } from "./support/pages.js";

const DEBUGGING = "docs/how-to/debug-a-plan.md";

/** The plans that a page shows, each with the query before it. */
function plansOf(path: string): { readonly query: string; readonly plan: string }[] {
  const plans: { query: string; plan: string }[] = [];
  let query = "";
  for (const [, language, code = ""] of readPage(path).matchAll(/^```(\w+)\n(.*?)^```/gms)) {
    if (language === "graphql") query = code;
    else if (language === "text") plans.push({ query, plan: code });
  }
  return plans;
}

test.each([
  ["docs/architecture.md", 1],
  [DEBUGGING, 2],
])("%s shows plans as the code prints them", (path, count) => {
  const plans = plansOf(path);

  expect(plans).toHaveLength(count);
  for (const { query, plan } of plans) expect(`${planText(query)}\n`).toBe(plan);
});

test("the page on debugging a plan shows the helper that tests have", () => {
  expect(codeBlocks(readPage(DEBUGGING), "ts")).toEqual([readPage("test/support/plan-text.ts")]);
});
