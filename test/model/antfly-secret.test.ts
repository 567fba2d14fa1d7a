import fc from "fast-check";
import { test } from "vitest";
import { AntflySimulator } from "../../simulators/antfly.ts";
import { antflySecret } from "../antfly/subjects.ts";
import { type Model, modelTimeout, tryModel } from "./property.ts";

type Drift = "deleted" | "overwritten" | "in the environment" | "only in the environment";

/** What somebody else stores: no call returns it, so nobody can see it. */
const theirs = "their-value-model";

const model = (dialect: "v0.1" | "0.2"): Model<AntflySimulator, Drift> => ({
  subject: antflySecret,
  simulator: () => new AntflySimulator({ dialect }),
  inputs: {
    key: fc.constantFrom("openai.api_key", "cohere-key", "K_3"),
    value: fc.constantFrom("value-one-model", "value-two-model", 'väl"ue/+three'),
  },
  optional: [],
  kinds: ["create", "same", "update", "replace", "refused"],
  drifts: fc.constantFrom(
    "deleted",
    "overwritten",
    "in the environment",
    "only in the environment",
  ),
  drift({ secrets, environmentSecrets }, key, drift) {
    const stored = secrets.get(key);
    if (drift === "overwritten" && stored) stored.value = theirs;
    if (drift.endsWith("environment")) environmentSecrets.add(key);
    if (drift === "deleted" || drift.startsWith("only")) secrets.delete(key);
  },
  differences({ secrets }, key, program) {
    const value = secrets.get(key)?.value;
    return [
      ...(key === program.key ? [] : [`key is ${key}`]),
      ...(value === program.value || value === theirs ? [] : [`value is ${value}`]),
    ];
  },
  touched: ({ method }) => [method === "DELETE" ? "delete" : "value"],
  remains: ({ secrets }, key) => secrets.get(key),
  refusals: /secret .* from the server's environment .*already exists/,
});

test.each(["v0.1", "0.2"] as const)(
  "secrets of %s: after a run the next preview is empty, and the world is as the program asks",
  { timeout: modelTimeout },
  async (dialect) => {
    await tryModel(model(dialect), 10);
  },
);
