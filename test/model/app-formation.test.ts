import fc from "fast-check";
import { test } from "vitest";
import { z } from "zod";
import type { Values } from "../../provider/resource/values.ts";
import { AkkerisSimulator, type SimFormationRow } from "../../simulators/akkeris.ts";
import { appFormation } from "../akkeris/subjects.ts";
import { type Model, modelTimeout, tryModel } from "./property.ts";

type Drift = { scaled: number } | { changed: Partial<SimFormationRow> } | "removed";

const batch = z.array(z.record(z.string(), z.unknown()));

/** How a change spells what it clears. */
const clears: Readonly<Record<string, string>> = {
  "remove-command": "command",
  removeHealthcheck: "healthcheck",
};

const model: Model<AkkerisSimulator, Drift> = {
  subject: appFormation,
  simulator() {
    const simulator = new AkkerisSimulator();
    simulator.writeDelay = 0;
    simulator.addApp("shop-default");
    simulator.addApp("bank-prod", { tags: "compliance=prod" });
    return simulator;
  },
  inputs: {
    app: fc.constantFrom("shop-default", "bank-prod"),
    type: fc.constantFrom("web", "web", "worker"),
    size: fc.constantFrom("gp1", "gp2"),
    quantity: fc.constantFrom(0, 1, 3, 32),
    port: fc.constantFrom(8080, 9000),
    command: fc.constantFrom("npm start", "npm run worker"),
    healthcheck: fc.constantFrom("/health", "/up"),
    oneoff: fc.boolean(),
    options: fc.constantFrom(
      { env: { API_KEY: "hunter2-model" } },
      { image: "jobs:1.2", env: { API_KEY: "hunter3-model" } },
    ),
  },
  optional: ["port", "command", "healthcheck", "oneoff", "options"],
  kinds: ["create", "same", "update", "replace", "refused"],
  mend({ oneoff, options, port, healthcheck, ...rest }) {
    const set = (values: Values) =>
      Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined));
    if (rest.type === "web") return { ...rest, ...set({ port, healthcheck }) };
    return { ...rest, ...set(oneoff ? { oneoff, options } : { oneoff }) };
  },
  removals: {
    program: {
      ...{ app: "shop-default", type: "web", size: "gp1", quantity: 1 },
      ...{ command: "npm start", healthcheck: "/health" },
    },
    unset: ["healthcheck"],
  },
  drifts: fc.oneof(
    { weight: 2, arbitrary: fc.record({ scaled: fc.integer({ min: 0, max: 32 }) }) },
    {
      weight: 2,
      arbitrary: fc.record({
        changed: fc.record(
          {
            command: fc.constantFrom("npm run other"),
            healthcheck: fc.constantFrom("/other"),
            port: fc.constantFrom(7000),
            size: fc.constantFrom("gp3", "scout"),
          },
          { requiredKeys: [] },
        ),
      }),
    },
    { weight: 1, arbitrary: fc.constant<Drift>("removed") },
  ),
  drift(simulator, id, drift) {
    const [app = "", type = ""] = id.split("/");
    const row = simulator.formation(app, type);
    if (!row) return;
    const {
      port: _,
      healthcheck: __,
      ...any
    } = drift === "removed" || "scaled" in drift ? {} : drift.changed;
    if (drift === "removed") simulator.remove(app, type);
    else if ("scaled" in drift) simulator.scale(app, type, drift.scaled);
    else Object.assign(row, type === "web" ? drift.changed : any);
  },
  differences(simulator, id, program, before) {
    const [app = "", type = ""] = id.split("/");
    const seen = simulator.formation(app, type);
    if (!seen) return ["id"];
    const removed = ["command", "healthcheck"].filter((key) => key in before && !(key in program));
    const asks = { ...program, ...Object.fromEntries(removed.map((key) => [key, null])) };
    const has: Record<string, unknown> = { ...seen, app, type };
    const differing = Object.entries(asks)
      .filter(([key, value]) => JSON.stringify(has[key]) !== JSON.stringify(value))
      .filter(([key, value]) => key !== "size" || seen.size !== `${value}-prod`)
      .map(([key]) => `${key} is ${JSON.stringify(has[key])}`);
    const runs = simulator.instances(app, type);
    return seen.oneoff || runs === program.quantity
      ? differing
      : [...differing, `instances are ${runs}`];
  },
  touched({ method, body }) {
    if (method === "POST") return ["create"];
    if (method === "DELETE") return ["delete"];
    // Every change of another type than web repeats its command, or says that it is a one-off.
    const repeated = ["type", "oneoff", "command"];
    return batch.parse(body).flatMap((change) => {
      const keys = Object.keys(change).filter((key) => key !== "type");
      const own = change.type === "web" ? keys : keys.filter((key) => !repeated.includes(key));
      return own.map((key) => clears[key] ?? key);
    });
  },
  remains(simulator, id) {
    const [app = "", type = ""] = id.split("/");
    return simulator.formation(app, type);
  },
  refusals: /can clear only the command of a `web`/,
};

test("app formations: after a run the next preview is empty, and the world is as the program asks", {
  timeout: modelTimeout,
}, async () => {
  await tryModel(model, 9);
});
