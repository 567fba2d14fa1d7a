import { expect, test } from "vitest";
import { lazy } from "../../provider/process/lazy.ts";

test("what is lazy is loaded at the first call, and once", () => {
  let loads = 0;
  const value = lazy(() => ({ number: ++loads }));
  expect(loads).toBe(0);
  expect(value()).toBe(value());
  expect(loads).toBe(1);
});
