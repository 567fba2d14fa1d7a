import type { Explanation } from "../../../cli/explain/model.ts";
import { change, effect, explanation, inStack, other, property } from "./builder.ts";

const empty = effect(
  "data loss",
  "the new formation starts EMPTY, and the old one is destroyed with its data",
);

/** A change of each kind. */
export function everyKind(): Explanation {
  return explanation(
    [
      change("archive", {
        operation: "refuse",
        reasons: ["a formation can't move to another provider"],
        properties: [property("provider", "aws", "gcp")],
        messages: [
          {
            severity: "error",
            text: "archive (Formation): provider: a formation can't move to another provider.",
          },
        ],
      }),
      change("events", {
        operation: "replace",
        order: "new first",
        effect: empty,
        reasons: ["Citus can't change the number of workers of a formation"],
        properties: [
          property("workerCount", 2, 4, {
            effect: empty,
            why: "only a new formation has another number of workers",
          }),
          property("label", "events", "Events"),
        ],
        notes: ["resized in the console? Run `pulumi refresh` first"],
        cost: { before: 350, after: 700 },
      }),
      change("sessions", {
        operation: "delete",
        effect: effect("data loss", "the formation is destroyed with its data"),
        reasons: ["it is no longer in the program"],
        cost: { before: 35 },
      }),
      change("worker", {
        of: "AppFormation",
        operation: "delete",
        effect: effect(
          "deletion",
          "its processes stop, and Akkeris redeploys every other formation of the app",
        ),
        reasons: ["it is no longer in the program"],
      }),
      change("reports", {
        of: "Replica",
        effect: effect(
          "interruption",
          "an upgrade in the next maintenance window, from 03:00 UTC; connections are interrupted briefly when it switches over",
        ),
        properties: [
          property("plan", "hobby-2", "standard-8", { why: "an upgrade" }),
          property("storage", 100, 200),
        ],
        cost: { before: 35, after: 140 },
      }),
      change("web", {
        of: "AppFormation",
        effect: effect("redeployment", "Akkeris redeploys the app"),
        properties: [
          property("command", undefined, "node server.js"),
          property("size", "gp1", "gp2"),
        ],
      }),
      change("worker-queue", {
        of: "AppFormation",
        properties: [property("quantity", 1, 3)],
        effect: effect("in place", "processes are added"),
      }),
      change("api-key", {
        of: "AntflySecret",
        effect: effect("in place"),
        properties: [{ property: "value", from: { kind: "secret" }, to: { kind: "secret" } }],
        messages: [
          { severity: "warning", text: "Rotate secrets every 90 days.", policy: "shop/rotation" },
        ],
      }),
      change("nightly", {
        of: "AntflyBackupSchedule",
        operation: "create",
        properties: [
          property("schedule", undefined, "0 3 * * *"),
          { property: "location", from: { kind: "absent" }, to: { kind: "unknown" } },
        ],
      }),
      change("legacy", {
        operation: "abandon",
        effect: effect(
          "none",
          "the stack no longer manages it; it is left running, and costs what it did",
        ),
        reasons: ["`retainOnDelete` is set"],
      }),
      change("metrics", {
        operation: "keep",
        properties: [property("workerCount", 2, 3)],
        notes: [
          "workerCount is 3 on the server but 2 in the program. Only a replacement could change it back, so it is kept: put 3 into the program",
        ],
      }),
      other("assets", "replace"),
      other("logs", "create"),
      other("cdn", "update", "aws:cloudfront/distribution:Distribution"),
    ],
    {
      messages: [
        {
          severity: "error",
          text: "Production databases must be protected.",
          policy: "shop/protected-databases",
        },
        { severity: "warning", text: "formations:akkerisToken is not set." },
      ],
    },
  );
}

/** What a pull request may well have: the documentation's example. */
export function pullRequest(): Explanation {
  const { changes } = everyKind();
  const named = (...names: string[]) => changes.filter(({ name }) => names.includes(name));
  return explanation([
    ...named("events", "reports", "web", "worker-queue", "api-key", "nightly", "cdn", "logs").map(
      (one) => ({
        ...one,
        messages: [],
      }),
    ),
  ]);
}

/** A preview that failed, with what is known of it. */
export function failedPreview(): Explanation {
  return explanation(
    [
      change("events", {
        operation: "replace",
        order: "new first",
        effect: empty,
        properties: [property("workerCount", 2, 4, { effect: empty })],
        messages: [
          {
            severity: "error",
            text: 'unable to replace resource "events"\nas it is currently marked for protection. To unprotect the resource, remove the `protect` flag',
          },
        ],
        notes: ["protected: `pulumi up` will refuse"],
      }),
    ],
    {
      hasFailed: true,
      messages: [
        {
          severity: "error",
          text: "Running program '/srv/infra/index.ts' failed with an unhandled exception:\nTypeError: Cannot read properties of undefined (reading 'id')\n    at Object.<anonymous> (/srv/infra/index.ts:12:20)",
        },
      ],
    },
  );
}

/** Three stacks: one destructive, one that changes in place, one without a change. */
export function threeStacks(): Explanation[] {
  const web = change("web", {
    of: "AppFormation",
    effect: effect("in place", "processes are added"),
    properties: [property("quantity", 1, 3)],
  });
  return [
    inStack("dev", explanation([])),
    inStack(
      "staging",
      explanation([
        web,
        change("events", {
          operation: "create",
          properties: [property("workerCount", undefined, 2)],
        }),
      ]),
    ),
    failedPreview(),
  ];
}
