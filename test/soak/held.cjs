/*
 * Loaded into the plugin before its own code: on SIGUSR2 it writes what the process holds to the file
 * that SOAK_HELD names.
 */
const { renameSync, writeFileSync } = require("node:fs");
const { setFlagsFromString } = require("node:v8");
const { runInNewContext } = require("node:vm");

setFlagsFromString("--expose-gc");
const collectGarbage = runInNewContext("gc");

process.on("SIGUSR2", () => {
  // An ordinary collection keeps emptied pages for the garbage to come, as many as the last seconds
  // took: 80 MB here. This one gives them back, so that RSS is what is held.
  collectGarbage({ type: "major", execution: "sync", flavor: "last-resort" });
  const { rss, heapUsed } = process.memoryUsage();
  const held = { rss, heapUsed, resources: process.getActiveResourcesInfo() };
  const file = process.env.SOAK_HELD;
  // Whole or not at all, for the test waits for it.
  writeFileSync(`${file}.new`, JSON.stringify(held));
  renameSync(`${file}.new`, file);
});
