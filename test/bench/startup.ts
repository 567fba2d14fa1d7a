import { starts } from "./report.ts";
import { measureStarts } from "./start.ts";

const repeats = Number(process.argv[2] ?? 25);

measureStarts(repeats).then(
  (found) => console.log(starts(found)),
  (error: unknown) => {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  },
);
