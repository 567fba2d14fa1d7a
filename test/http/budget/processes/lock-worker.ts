// Locks the file of its argument, says so, and holds it until it is killed.
import { lock } from "proper-lockfile";

void lock(process.argv[2] ?? "", { realpath: false }).then(() => {
  console.log("locked");
  setInterval(() => {}, 1_000);
});
