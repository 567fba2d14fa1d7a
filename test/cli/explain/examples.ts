import type { Explanation } from "../../../cli/explain/model.ts";
import { change, effect, explanation, inStack, other, property } from "./builder.ts";

const empty = effect(
  "data loss",
  "the new formation starts EMPTY, and the old one is destroyed with its data",
);

const inWindow = "scheduled: it switches over in the next maintenance window";

const upgrade = effect(
  "interruption",
  "an upgrade in the next maintenance window, from 3:00 UTC; connections are interrupted briefly when it switches over",
);

const redeployment = effect("redeployment", "Akkeris then redeploys every formation of the app");

/** A change of each kind. */
export function everyKind(): Explanation {
  return explanation(
    [
      change("archive", {
        of: "Replica",
        operation: "refuse",
        reasons: ["storage can't shrink: create a replica with less, or keep its size"],
        properties: [property("storage", 200, 100)],
        messages: [{ severity: "error", text: "archive (Replica): storage can't shrink." }],
      }),
      change("events", {
        operation: "replace",
        order: "new first",
        effect: empty,
        properties: [
          property("workerCount", 2, 4, { effect: empty, why: "the API updates nothing" }),
        ],
        notes: ["resized in the console? Run `pulumi refresh` first"],
        cost: { note: "Citus Cloud publishes no prices" },
      }),
      change("sessions", {
        operation: "delete",
        effect: effect("data loss", "the formation is destroyed with its data"),
        reasons: ["it is no longer in the program"],
      }),
      change("worker", {
        of: "AppFormation",
        operation: "delete",
        effect: effect(
          "deletion",
          "its processes stop, and Akkeris redeploys every other formation of the app",
        ),
        reasons: ["it is no longer in the program"],
        cost: { before: 40, after: 0 },
      }),
      change("reports", {
        of: "Replica",
        effect: upgrade,
        properties: [
          property("planId", "hobby-2", "standard-8", { effect: upgrade, why: inWindow }),
          property("storage", 100, 200, { effect: upgrade, why: inWindow }),
        ],
        cost: { before: 45, after: 160 },
      }),
      change("web", {
        of: "AppFormation",
        effect: redeployment,
        properties: [
          property("size", "gp1", "gp2", {
            effect: redeployment,
            why: "sent in one batch PATCH; Akkeris redeploys the app",
          }),
        ],
        cost: { before: 20, after: 40 },
      }),
      change("worker-queue", {
        of: "AppFormation",
        properties: [
          property("quantity", 1, 3, {
            why: "sent in one batch PATCH; instances start or stop, and nothing is redeployed",
          }),
        ],
        effect: effect("in place", "changed in place, without interruption"),
        cost: { before: 20, after: 60 },
      }),
      change("api-key", {
        of: "AntflySecret",
        effect: effect("in place", "changed in place, without interruption"),
        properties: [
          {
            property: "value",
            from: { kind: "secret" },
            to: { kind: "secret" },
            why: "overwritten in place, with one request",
          },
        ],
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
