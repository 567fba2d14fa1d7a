import { faultMatrix } from "./matrix.ts";

const failed = { type: "status", status: 500, body: "Internal Server Error" } as const;
const tooMany = { type: "status", status: 429, body: "Too many requests" } as const;

faultMatrix({
  "429 with Retry-After": { kind: { ...tooMany, headers: { "retry-after": "1" } } },
  "429 without Retry-After": { kind: tooMany },
  "500": { kind: failed },
  "500 after it was stored": { kind: { ...failed, apply: true } },
  "502 with a web page": { kind: { type: "html", status: 502 } },
  "cut-off JSON": { kind: { type: "cutJson" } },
  "empty 200": { kind: { type: "empty" } },
  "401 in mid-operation": {
    kind: { type: "status", status: 401, body: "Unauthorized" },
    isFinal: true,
  },
});
