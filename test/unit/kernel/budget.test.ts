import { expect, test } from "vitest";
import { Budget } from "../../../src/kernel/budget.js";

const limits = { maxCalls: 2, maxRows: 10, maxObjects: 3, maxResultBytes: 100 };

test.each([
  ["calls to CloudTower", 2, (budget: Budget) => budget.spendCall()],
  ["rows of CloudTower", 10, (budget: Budget) => budget.spendRows(1)],
  ["objects", 3, (budget: Budget) => budget.spendObject(0)],
  ["bytes of result", 100, (budget: Budget) => budget.spendBytes(1)],
] as const)("a budget of %s stops after the limit, says which it was, and stays exceeded", (what, limit, spend) => {
  const exceeded: string[] = [];
  const budget = new Budget(limits, ({ code }) => exceeded.push(code));
  for (let count = 0; count < limit; count += 1) spend(budget);
  expect(budget.exceeded).toBeUndefined();

  expect(() => spend(budget)).toThrow(`at most ${limit} ${what}`);
  expect(() => spend(budget)).toThrow(`at most ${limit} ${what}`);

  expect(exceeded).toEqual(["QUERY_TOO_EXPENSIVE"]);
  budget.renew();
  expect(() => spend(budget)).not.toThrow();
});
