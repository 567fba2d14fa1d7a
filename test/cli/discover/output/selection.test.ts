import { expect, test } from "vitest";
import type { Found } from "../../../../cli/discover/model.ts";
import { selectionOf } from "../../../../cli/discover/output/selection.ts";
import { yamlRemarks } from "../../../../cli/discover/output/yaml.ts";
import { appFormation, formation, secret } from "./made-up.ts";

const manager = { stack: "production", urn: "urn:pulumi:production::p::t::events" };

test.each<{ what: string; one: Found; says: string }>([
  {
    what: "what a stack manages",
    one: formation("f1", "events", {}, { managers: [manager] }),
    says: "Left out, since a stack manages them already: 1 formation.",
  },
  {
    what: "what is being deleted",
    one: formation("f1", "events", { state: "archiving" }, { isLeaving: true }),
    says: "Formation events (f1) is left out: the server is deleting it.",
  },
  {
    what: "what is being created",
    one: formation("f1", "events", { state: "creating" }, { pending: 'state "creating"' }),
    says: 'Formation events (f1) is left out: it is not ready (state "creating"), and the run that is creating it may record it. Run this again when it is ready.',
  },
  {
    what: "what no program could declare",
    one: appFormation("shop-dev", "jobs", { command: undefined }),
    says: "AppFormation shop-dev/jobs is left out: its program would not pass the check (command is required",
  },
  {
    what: "what a program may not say: a region that the schema does not have",
    one: formation("f1", "events", { region: "mars-1" }),
    says: "its program would not pass the check (region ",
  },
])("left out: $what", ({ one, says }) => {
  const { taken, remarks } = selectionOf([one]);
  expect(taken).toEqual([]);
  expect(remarks).toHaveLength(1);
  expect(remarks[0]).toContain(says);
});

test("what the next run would leave as it is, is taken", () => {
  const all = [formation("f1", "events"), appFormation("shop-dev", "jobs"), secret("key")];
  expect(selectionOf(all)).toEqual({ taken: all, remarks: [] });
});

test.each(["null", "~", "0x1F", "TRUE", ".inf", "echo $" + "$" + "{PORT}"])(
  "a text that Pulumi's YAML generator writes wrongly is said: %s",
  (command) => {
    const remarks = yamlRemarks([appFormation("shop-dev", "jobs", { command })]);
    expect(remarks).toEqual([
      "AppFormation shop-dev/jobs: if the program is YAML, put command right in it: Pulumi's generator does not quote such a text.",
    ]);
  },
);

test("other texts are not", () => {
  for (const command of ["true", "123", "yes", "echo $" + "{PORT}", "a: b", "- x", "2026-01-01"]) {
    expect(yamlRemarks([appFormation("shop-dev", "jobs", { command })])).toEqual([]);
  }
});
