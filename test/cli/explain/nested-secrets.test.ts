import { expect, test } from "vitest";
import { type Change, explainedOne, forms, hosts } from "./previews.ts";

const job = { app: "shop-default", type: "job", size: "gp1", quantity: 1, oneoff: true };

/** A job that another environment replaces; nothing else of it changes, unless told. */
function rerun(image = "jobs:1"): Change {
  return {
    ...{ type: "AppFormation", op: "replace", replaceReasons: ["options"] },
    applied: { ...job, options: { image: "jobs:1", env: { MODE: "before" } } },
    desired: { ...job, options: { image, env: { MODE: "after" } } },
  };
}

test("a change of the secret in a value is called one, on every host and in every form", () => {
  for (const host of hosts) {
    for (const form of forms) {
      expect(explainedOne(rerun(), { host, form }).properties).toMatchObject([
        { property: "options", from: { kind: "secret" }, to: { kind: "secret" } },
      ]);
    }
  }
});

test("a change beside the secret is shown, without the secret", () => {
  const [options] = explainedOne(rerun("jobs:2")).properties;
  expect(options).toMatchObject({
    from: { kind: "value", value: { image: "jobs:1" } },
    to: { kind: "value", value: { image: "jobs:2" } },
  });
  expect(JSON.stringify(options)).not.toMatch(/before|after/);
});
