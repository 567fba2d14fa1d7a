import { expect } from "vitest";
import type { Values } from "../../../provider/resource/values.ts";
import { akkerisSystem } from "./akkeris.ts";
import {
  changes,
  column,
  job,
  options,
  patch,
  post,
  web,
  worker,
} from "./app-formation-changes.ts";
import { type Declared, Late, type Program, Reference } from "./program.ts";
import type { Sent } from "./record.ts";
import { lifecycle } from "./suite.ts";

function formation(name: string, args: Values, options?: Values): Declared {
  const properties = { app: `${name}-default`, ...args };
  return { type: "AppFormation", properties, ...(options && { options }) };
}

function programOf(side: "before" | "after"): Program {
  return Object.fromEntries(
    Object.entries(changes).map(([name, change]) => [name, formation(name, change[side])]),
  );
}

const late = (value: string) => new Late(value, new Reference("made", "formationId"));
const ignoring = { ignoreChanges: ["quantity"] };
const all = { port: 8080, command: "node web.js", healthcheck: "/health" };
const drift = { port: 7000, command: "node drifted.js", healthcheck: "/drifted" };

/** Formations that don't change with the others; those in a space `secure` get sizes with a suffix. */
const others: Program = {
  jobCommand: formation("jobCommand", job),
  quantityThree: formation("quantityThree", { ...web, quantity: 3, healthcheck: "/health" }),
  quantityZeroAndPort: formation("quantityZeroAndPort", { ...web, quantity: 0, port: 8081 }),
  appUnknown: formation("appUnknown", web),
  healthcheckUnknown: formation("healthcheckUnknown", web),
  drifted: formation("drifted", { ...web, ...all }),
  driftIgnored: formation("driftIgnored", web, ignoring),
  driftIgnoredAndSize: formation("driftIgnoredAndSize", worker, ignoring),
  driftUnset: formation("driftUnset", web),
  secure: formation("secure", { app: "secure-secure", ...web, size: "gp2" }),
  secureSpelled: formation("secureSpelled", { app: "secureSpelled-secure", ...web, size: "gp2" }),
  secureSize: formation("secureSize", { app: "secureSize-secure", ...web, size: "gp2" }),
  gone: formation("gone", web),
};
const created: Record<string, Sent[]> = {
  ...column("created"),
  jobCommand: [post("jobCommand", job)],
  // A creation runs one instance, and ignores the port: a PATCH asks for what is missing.
  quantityThree: [
    post("quantityThree", { ...web, quantity: 3, healthcheck: "/health" }),
    ...patch("quantityThree", { type: "web", quantity: 3 }),
  ],
  quantityZeroAndPort: [
    post("quantityZeroAndPort", { ...web, quantity: 0, port: 8081 }),
    ...patch("quantityZeroAndPort", { type: "web", quantity: 0, port: 8081 }),
  ],
  appUnknown: [post("appUnknown", web)],
  healthcheckUnknown: [post("healthcheckUnknown", web)],
  drifted: [post("drifted", { ...web, ...all }), ...patch("drifted", { type: "web", port: 8080 })],
  driftIgnored: [post("driftIgnored", web)],
  driftIgnoredAndSize: [post("driftIgnoredAndSize", worker)],
  driftUnset: [post("driftUnset", web)],
  secure: [post("secure", { ...web, size: "gp2" }, "secure")],
  secureSpelled: [post("secureSpelled", { ...web, size: "gp2" }, "secure")],
  secureSize: [post("secureSize", { ...web, size: "gp2" }, "secure")],
  gone: [post("gone", web)],
};
const first: Program = { ...programOf("before"), ...others };
const changed: Program = {
  made: formation("made", web),
  ...programOf("after"),
  ...others,
  appUnknown: formation("appUnknown", { ...web, app: late("appUnknown-default") }),
  healthcheckUnknown: formation("healthcheckUnknown", { ...web, healthcheck: late("/late") }),
};
const settled: Program = {
  ...changed,
  driftIgnoredAndSize: formation("driftIgnoredAndSize", { ...worker, size: "gp3" }, ignoring),
  secureSpelled: formation("secureSpelled", {
    ...{ app: "secureSpelled-secure", ...web },
    size: "gp2-prod",
  }),
  secureSize: formation("secureSize", { app: "secureSize-secure", ...web, size: "gp3" }),
};
const more: Program = {
  ...settled,
  interrupted: formation("interrupted", { ...web, quantity: 3 }),
};

/** One request about the item of each resource; that of `app` is in another app by then. */
function eachItem(method: "GET" | "DELETE", program: Program): Record<string, Sent[]> {
  return Object.fromEntries(
    Object.entries(program).map(([name, { properties }]) => {
      const { app: given, type } = properties;
      const app = given instanceof Late ? given.value : given;
      return [name === "app" ? "target" : name, [`${method} /apps/${app}/formation/${type}`]];
    }),
  );
}

const each = (program: Program, op: string) =>
  Object.fromEntries(Object.keys(program).map((name) => [name, op]));
const rows = (of: Record<string, Values>) =>
  Object.fromEntries(
    Object.entries(of).map(([name, row]) => [
      name,
      { formations: expect.arrayContaining([expect.objectContaining(row)]) },
    ]),
  );

const driftSaid = {
  drifted: [
    "warning: `pulumi up` changes port from ",
    "warning: `pulumi up` changes command from ",
    "warning: `pulumi up` changes healthcheck from ",
  ],
};
const settledSaid = {
  ...driftSaid,
  driftIgnoredAndSize: ["warning: `pulumi up` changes size from "],
  secureSize: ["warning: `pulumi up` changes size from "],
  secureSpelled: [
    'warning: size "gp2-prod" is treated as equal to "gp2" and kept.',
    'warning: size "gp2-prod" is unknown to this version of the provider',
  ],
};
const settling = {
  drifted: "update",
  driftIgnoredAndSize: "update",
  secureSize: "update",
  gone: "create",
};
lifecycle("app formations", {
  quickOnPlugin: true,
  system: () => {
    const secure = ["secure", "secureSpelled", "secureSize"];
    const plain = [...Object.keys(more), "target"].filter((name) => !secure.includes(name));
    const system = akkerisSystem({
      "": plain.map((name) => `${name}-default`),
      "compliance=prod": secure.map((name) => `${name}-secure`),
    });
    // Without a web Akkeris would make one beside each other type.
    for (const [name, { properties }] of Object.entries(first)) {
      if (properties.type !== "web") system.simulator.addFormation(`${name}-default`);
    }
    return { ...system, secrets: () => ({ ...system.secrets(), environment: options.env.MODE }) };
  },
  unlike: { options: "the dynamic host keeps secrets by whole properties, not `env` alone" },
  steps: [
    {
      title: "a preview of creations sends nothing",
      program: first,
      run: "preview",
      expected: { plan: each(first, "create") },
    },
    {
      title: "a creation is one POST, and one PATCH of what that leaves undone",
      run: "up",
      expected: {
        plan: each(first, "create"),
        requests: created,
        contents: {
          quantityThree: { formations: [{ quantity: 3, instances: 3, healthcheck: "/health" }] },
          quantityZeroAndPort: {
            formations: [{ quantity: 0, instances: 0 }],
            config: { PORT: "8081" },
          },
          secure: { formations: [{ size: "gp2-prod" }] },
        },
        state: {
          secure: { id: "secure", outputs: { size: "gp2", serverSize: "gp2-prod", port: 9000 } },
        },
      },
    },
    {
      title: "a preview without a change is empty, and sends nothing",
      run: "preview",
      expected: {},
    },
    {
      title: "a command that the API can't clear is refused before anything is sent",
      program: { ...first, jobCommand: formation("jobCommand", { ...job, command: undefined }) },
      run: "up",
      expected: {
        errors: { jobCommand: ["refuse: the API can clear only the command of a `web`"] },
      },
    },
    {
      title: "a preview says what a change updates, replaces, redeploys, and what is undecided",
      program: changed,
      run: "preview",
      expected: {
        plan: {
          ...column("plan"),
          made: "create",
          healthcheckUnknown: "update",
          appUnknown: "replace new first: app",
        },
        says: {
          ...column("says"),
          appUnknown: ["info: app: replace: treated as a replacement until the value is known"],
        },
        details: {
          everything: {
            ...{ size: "update", quantity: "update", port: "update" },
            command: "delete",
          },
          options: { options: "update-replace" },
        },
      },
    },
    {
      title: "an update is one PATCH of what changed, and redeploys at most once",
      run: "up",
      expected: {
        plan: { ...column("plan"), made: "create", healthcheckUnknown: "update" },
        says: {
          ...column("says"),
          healthcheckUnknown: ["warning: `pulumi up` changes healthcheck from "],
        },
        requests: {
          ...column("sends"),
          made: [post("made", web)],
          healthcheckUnknown: patch("healthcheckUnknown", { type: "web", healthcheck: "/late" }),
          target: [post("target", web)],
        },
        contents: {
          ...Object.fromEntries(
            Object.entries(column("redeploys")).map(([name, redeploys]) => [name, { redeploys }]),
          ),
          port: { redeploys: 2, config: { PORT: "8080" } },
          app: { formations: [] },
        },
      },
    },
    {
      title: "what was asked for is what the servers have, and nothing is left to do",
      run: "preview",
      expected: { contents: rows(column("row")) },
    },
    {
      title: "a refresh reads each once, sees what drifted and what is gone",
      meanwhile: ({ simulator: akkeris }) => {
        for (const name of ["drifted", "driftUnset"]) {
          Object.assign(akkeris.formation(name, "web") ?? {}, drift);
        }
        akkeris.scale("drifted", "web", 7);
        akkeris.scale("driftIgnored", "web", 7);
        akkeris.scale("driftIgnoredAndSize", "worker", 9);
        akkeris.remove("gone", "web");
      },
      run: "refresh",
      expected: {
        plan: {
          drifted: "update",
          driftIgnored: "update",
          driftIgnoredAndSize: "update",
          gone: "delete",
        },
        says: driftSaid,
        requests: eachItem("GET", changed),
      },
    },
    {
      title: "a preview puts back what drifted, save what is ignored or left to the server",
      program: settled,
      run: "preview",
      expected: {
        plan: settling,
        says: settledSaid,
        details: {
          drifted: { quantity: "update", port: "update" },
          driftIgnoredAndSize: { size: "update" },
        },
      },
    },
    {
      title: "drift is put back by one PATCH; what is ignored stays, though another changes",
      run: "up",
      expected: {
        plan: settling,
        says: settledSaid,
        requests: {
          drifted: patch("drifted", { type: "web", quantity: 1, ...all }),
          driftIgnoredAndSize: patch("driftIgnoredAndSize", {
            ...{ type: "worker", size: "gp3", command: "node worker.js" },
          }),
          // The suffix of a compliance space is the server's own.
          secureSize: patch("secureSize", { type: "web", size: "gp3" }, "secure"),
          gone: [post("gone", web)],
        },
        contents: {
          secureSize: { formations: [{ size: "gp3-prod" }] },
          driftIgnored: { formations: [{ instances: 7 }] },
          driftUnset: { formations: [drift] },
        },
      },
    },
    {
      title: "a creation that is interrupted is in the state",
      program: more,
      meanwhile: ({ simulator: akkeris }) =>
        akkeris.failRegion({ app: "interrupted-default", call: "scale", times: 3 }),
      run: "up",
      expected: {
        plan: { interrupted: "create" },
        errors: { interrupted: ["the next `pulumi up` sends it again."] },
        requests: {
          interrupted: [
            post("interrupted", { ...web, quantity: 3 }),
            ...Array<Sent>(3).fill([
              "PATCH /apps/interrupted-default/formation",
              [{ type: "web", quantity: 3 }],
            ]),
          ],
        },
        contents: { interrupted: { formations: [{ quantity: 3, instances: 1 }] } },
      },
    },
    {
      title: "a refresh sees what was asked, which is not what runs",
      run: "refresh",
      expected: { plan: { interrupted: "update" }, requests: eachItem("GET", more) },
    },
    {
      title: "the next up sends again what was interrupted",
      run: "up",
      expected: {
        plan: { interrupted: "update" },
        requests: {
          interrupted: patch("interrupted", { type: "web", quantity: 3 }),
        },
        contents: { interrupted: { formations: [{ quantity: 3, instances: 3 }] } },
      },
    },
    {
      title: "a destruction sends one DELETE each; gone already is done",
      meanwhile: ({ simulator: akkeris }) => {
        akkeris.remove("gone", "web");
        akkeris.removeApp("driftUnset");
      },
      run: "destroy",
      expected: {
        plan: each(more, "delete"),
        requests: eachItem("DELETE", more),
        contents: { size: { formations: [] }, target: { formations: [] } },
      },
    },
  ],
});
