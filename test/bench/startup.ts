import { countOf, runMain } from "../support/command.ts";
import { starts } from "./report.ts";
import { measureStarts } from "./start.ts";

const usage = "Usage: npm run bench:startup -- [how many starts; default: 25]";

runMain(async () => {
  const repeats = countOf(process.argv[2] ?? "25", 1, usage);
  console.log(starts(await measureStarts(repeats)));
});
