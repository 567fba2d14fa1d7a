import { faultMatrix } from "./matrix.ts";

const patience = "3s";

// A read has no time of its own: it is tried again after a minute.
faultMatrix({
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
});
