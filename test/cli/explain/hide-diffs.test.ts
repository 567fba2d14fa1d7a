import { expect, test } from "vitest";
import { type Change, explainedOne, saidIn, urnOf } from "./previews.ts";

const web = { app: "shop-default", type: "web", size: "gp1", quantity: 2 };
const scaled: Change = {
  ...{ type: "AppFormation", op: "update", applied: web, desired: { ...web, quantity: 3 } },
};

test("hideDiffs hides values, in warnings too, and the change is shown all the same", () => {
  const desired = { ...web, size: "size-after" };
  const applied = { ...web, size: "size-before" };
  for (const hidden of [{ hideDiff: ["size"] }, { hideDiffs: [["size"]] }]) {
    const warning = `\`pulumi up\` changes size from "size-before" to "size-after"; Akkeris then redeploys every formation of the app. (it)`;
    const change = { ...scaled, applied, desired, new: hidden };
    const diagnostics = [{ severity: "warning", message: warning, urn: urnOf("AppFormation") }];
    const one = explainedOne(change, { diagnostics });
    expect(one.properties.map(({ property }) => property)).toEqual(["size"]);
    expect(one.notes).toEqual(["The program hides the values of `size` (`hideDiffs`)."]);
    expect(saidIn(one)).not.toMatch(/size-before|size-after/);
  }
});

test("hideDiffs hides values in what the plan warns of", () => {
  const stopped = { ...web, quantity: 0 };
  const started = { ...scaled, applied: stopped, desired: { ...web, quantity: 7 } };
  const { notes } = explainedOne({ ...started, new: { hideDiff: [["quantity"]] } });
  expect(notes[0]).toContain("this starts (secret) instances");
});
