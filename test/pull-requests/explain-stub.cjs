// Stands in for `formations explain` until it is there: as much of it as the workflows depend on.
const { createHash } = require("node:crypto");
const { readFileSync } = require("node:fs");

const options = {};
const files = [];
const args = process.argv.slice(3);
while (args.length > 0) {
  const one = args.shift();
  if (one.startsWith("--")) options[one.slice(2)] = args.shift();
  else files.push(one);
}
const stacks = files.map((file) => {
  const { steps = [], diagnostics = [] } = JSON.parse(readFileSync(file, "utf8"));
  const stack = steps[0]?.urn.split("::")[0].split(":")[2] ?? "unknown";
  const changes = steps
    .filter(({ op }) => op !== "same")
    .map(({ op, urn, newState }) => JSON.stringify([op, urn, newState?.inputs]))
    .sort();
  const errors = diagnostics.filter(({ severity }) => severity === "error");
  const content = JSON.stringify([changes, errors.length > 0]);
  const fingerprint = createHash("sha256").update(content).digest("base64url").slice(0, 22);
  const loses = changes.some((one) => one.startsWith('["replace"'));
  return {
    loses,
    text: [`### ${stack}`, ...errors.map(({ message }) => message), loses ? "EMPTY" : ""].join(
      "\n",
    ),
    part: `shop/${stack}=f1.${fingerprint}`,
  };
});
const loses = stacks.some((one) => one.loses);
if (options.format === "gitlab") {
  const count = loses ? 1 : 0;
  console.log(JSON.stringify({ create: count, update: 0, delete: count }));
} else {
  const marker = `<!-- formations explain: shop ${stacks.map(({ part }) => part).join(" ")} -->`;
  console.log([...stacks.map(({ text }) => text), marker].join("\n\n"));
}
const reviewed = options.expect && readFileSync(options.expect, "utf8");
if (reviewed && !stacks.every(({ part }) => reviewed.includes(part))) {
  console.error("not reviewed: events");
  process.exitCode = 3;
} else if (options["fail-on"] && loses) {
  process.exitCode = 2;
}
