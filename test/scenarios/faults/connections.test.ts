import { faultMatrix } from "./matrix.ts";

faultMatrix({
  "connection refused": { kind: { type: "refused" } },
  "reset before it was stored": { kind: { type: "reset", apply: false } },
  "reset after it was stored": { kind: { type: "reset", apply: true } },
  "slow body": { kind: { type: "slowBody", bytesPerSecond: 200 } },
});
