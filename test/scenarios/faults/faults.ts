import type { Faults } from "./matrix.ts";

const failed = { type: "status", status: 500, body: "Internal Server Error" } as const;
const tooMany = { type: "status", status: 429, body: "Too many requests" } as const;

/** What a server or a proxy answers that is not the API's response. */
export const answers: Faults = {
  "429 with Retry-After": { kind: { ...tooMany, headers: { "retry-after": "1" } } },
  "429 without Retry-After": { kind: tooMany },
  "500": { kind: failed },
  "500 after it was stored": { kind: { ...failed, apply: true } },
  "502 with a web page": { kind: { type: "html", status: 502 } },
  "cut-off JSON": { kind: { type: "cutJson" } },
  "empty 200": { kind: { type: "empty" } },
};

/** A response that ends a run, even one that only reads. */
export const denials: Faults = {
  "401 in mid-operation": {
    kind: { type: "status", status: 401, body: "Unauthorized" },
    isFinal: true,
  },
};

/** What happens to connections. */
export const connections: Faults = {
  "connection refused": { kind: { type: "refused" } },
  "reset before it was stored": { kind: { type: "reset", apply: false } },
  "reset after it was stored": { kind: { type: "reset", apply: true } },
  "slow body": { kind: { type: "slowBody", bytesPerSecond: 200 } },
};

const patience = "3s";

/** Responses that do not come. A read has no time of its own: it is retried after a minute. */
export const timeouts: Faults = {
  "no answer, before it was stored": {
    kind: { type: "hang", apply: false },
    patience,
    isFinal: true,
    strikesReads: false,
  },
  "no answer, after it was stored": {
    kind: { type: "hang", apply: true },
    patience,
    isFinal: true,
  },
};

/** What a server does not show at first, though it has it; five seconds are 5,000 simulated ones. */
export const delays: Faults = {
  "not yet visible": {
    kind: { type: "unseen" },
    lag: { details: 5_000 },
    verbs: ["create", "update"],
  },
  "list behind, after the response was lost": {
    kind: { type: "reset", apply: true },
    lag: { list: 5_000 },
    verbs: ["create", "update"],
  },
};
