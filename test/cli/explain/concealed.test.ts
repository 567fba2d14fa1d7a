import { expect, test } from "vitest";
import { type Change, explained, forms, saidIn, urnOf } from "./previews.ts";

const web = { app: "shop-default", type: "web", size: "gp1", quantity: 2 };
const urn = urnOf("AppFormation", "it", "dynamic");

/** A command that the program makes a secret: a preview hides it, but not the dynamic host, which can't know. */
const change: Change = {
  ...{ type: "AppFormation", op: "update" },
  // What the host remembers of the last run is not hidden.
  applied: { ...web, command: "sk-old" },
  desired: { ...web, command: "[secret]" },
};
const planted = 'run --key sk-planted-5b1e70c4 "twice"';

test.each([
  [
    "what its change says already",
    `it (AppFormation): \`pulumi up\` changes command from "sk-old" to ${JSON.stringify(planted)}; Akkeris then redeploys every formation of the app.`,
    [],
  ],
  [
    "anything else",
    `it (AppFormation): command ${JSON.stringify(planted)} is not what was expected`,
    [
      "A message about `command` is not shown, since it may have its value, which the program makes a secret.",
    ],
  ],
  [
    "what is about another property",
    'it (AppFormation): size "gp9" is unknown',
    ['size "gp9" is unknown'],
  ],
])("of a program's secret, the dynamic host's words are not shown: %s", (_, message, expected) => {
  for (const form of forms) {
    for (const op of ["update", "same"]) {
      const diagnostics = [{ severity: "warning", message, urn }];
      const all = explained([{ ...change, op }], { host: "dynamic", form, diagnostics });
      expect(saidIn(all)).not.toContain("sk-");
      const said = all.changes.flatMap(({ messages }) => messages.map(({ text }) => text));
      if (op === "update") expect(said).toEqual(expected);
    }
  }
});
