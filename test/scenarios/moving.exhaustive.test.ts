import { expect, onTestFinished, test } from "vitest";
import { Platform } from "../../simulators/platform.ts";
import { settingsOf } from "./typed-languages.ts";
import { besideClone, stepsOf, type, userEnvironment } from "./typed-pages.ts";

const [first, moving] = ["docs/first-steps.md", "docs/moving-hosts.md"] as const;

test("docs/moving-hosts.md, word for word: to the plugin, and back", async () => {
  const platform = await new Platform(5_000).start();
  onTestFinished(() => platform.close());
  const { variables, path } = await settingsOf.TypeScript();
  const root = await besideClone();
  const simulators = { ...variables, ...platform.urls, ...platform.tokens };
  const env = await userEnvironment(root, simulators, path);
  const [, ...shell] = stepsOf(first);
  const [create, , destroy] = stepsOf(first, "Preview, up, destroy");
  if (!create || !destroy) throw new Error("The page ends otherwise.");
  const moves = ["From the classes to the plugin", "Back to the classes"];
  const steps = [
    ...[...shell, ...stepsOf(first, "TypeScript"), create],
    ...[...moves.flatMap((heading) => stepsOf(moving, heading)), destroy],
  ];

  const printed = await type(steps, { cwd: root, env, answer: "" });

  expect(printed.get("pulumi preview --expect-no-changes")).toMatch(/~ 1 updated/);
  expect(printed.get("pulumi destroy --yes")).toMatch(/- 2 deleted/);
  // Creating takes two requests; moving takes none that changes anything.
  const sent = platform.akkeris.requests.map(({ method }) => method);
  expect(sent.filter((method) => method !== "GET")).toEqual(["POST", "PATCH", "DELETE"]);
});
