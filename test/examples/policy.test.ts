import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Policy, ResourceValidationArgs } from "@pulumi/policy";
import { expect, onTestFinished, test, vi } from "vitest";
import { repository } from "../../build/repository.ts";
import {
  formationInputs,
  noDataLosingDeletion,
  noDataLosingReplacement,
  replicaInputs,
} from "../../examples/policy/data-loss.ts";
import { highAvailability, noBurstableMachines } from "../../examples/policy/machines.ts";
import { protectedDatabases } from "../../examples/policy/protection.ts";
import { formation } from "../../provider/citus/formation/resource.ts";
import { replica } from "../../provider/crunchybridge/replica/resource.ts";
import { plan } from "../../provider/resource/plan.ts";
import type { PlanRules } from "../../provider/resource/plan-rules.ts";
import { ownTemporaryFolder } from "../support/temporary-folder.ts";

/** The inputs of which any change loses data, as the plan has it. */
function losing(keys: readonly string[], rules: PlanRules, also: object): string[] {
  const before = Object.fromEntries(keys.map((key) => [key, `old ${key}`]));
  return keys.filter((key) => {
    const observed = { ...before, ...also };
    const desired = { ...observed, [key]: `new ${key}` };
    return plan(keys, rules, { applied: observed, observed, desired }).effect?.kind === "data loss";
  });
}

test("the policies know the inputs whose change loses a formation's data", () => {
  const found = losing(Object.keys(formation.inputs.shape), formation.plan, {});
  expect(formationInputs.toSorted()).toEqual(found.toSorted());
});

test("the policies know the inputs whose change loses a detached replica's data", () => {
  const found = losing(Object.keys(replica.inputs.shape), replica.plan, { detached: true });
  expect(replicaInputs.toSorted()).toEqual(found.toSorted());
});

const place = "urn:pulumi:production::shop";
const inputs = { region: "us-east-1", workerCount: 2, name: "it-1", coordinatorHa: false };

/** A formation of the state before the change, by the fields in which it is special. */
function old(name: string, also: object = {}) {
  const type = "formations:index:Formation";
  return { urn: `${place}::${type}::${name}`, type, inputs, outputs: inputs, ...also };
}

const replicaType = "pulumi-nodejs:dynamic/formations:Replica";

const state = [
  old("plain"),
  old("retained", { retainOnDelete: true }),
  old("hooked", { resourceHooks: { BeforeDelete: ["copy"] } }),
  old("other-hook", { resourceHooks: { AfterCreate: ["copy"] } }),
  old("gone", { pendingReplacement: true }),
  old("resized", { outputs: { ...inputs, workerCount: 3 } }),
  old("autonamed", { inputs: { ...inputs, __autoname: true } }),
  old("replaced", { delete: true }),
  ...["follower", "primary"].map((name) => ({
    ...{ urn: `${place}::${replicaType}::${name}`, type: replicaType },
    ...{ inputs: { regionId: "us-east-1", clusterId: "a" } },
    outputs: { regionId: "us-east-1", clusterId: "a", detached: name === "primary" },
  })),
];

/** What a preview does not know yet. The library throws where a policy reads it. */
const unknown = Symbol("unknown");

function checking(props: Record<string, unknown>): Record<string, unknown> {
  return new Proxy(props, {
    get(all, key) {
      const value = all[String(key)];
      if (value === unknown) throw new Error("the value can't be known during preview");
      return value;
    },
  });
}

/** What the policy says of a resource that the program asks for. */
function verdict(name: string, change: object, { aliases = [] as string[], config = {} } = {}) {
  const {
    type,
    urn,
    inputs: before,
  } = state.find((one) => one.urn.endsWith(`::${name}`)) ?? {
    ...{ type: "formations:index:Formation", urn: `${place}::formations:index:Formation::${name}` },
    inputs,
  };
  const props = { ...before, ...change };
  const said: string[] = [];
  const args = {
    type,
    urn,
    name,
    props: checking(props),
    opts: { aliases },
    getConfig: () => config,
  };
  const { validateResource } = noDataLosingReplacement;
  if (typeof validateResource !== "function") throw new Error("the policy has no function");
  // Of a resource's many fields, these are the ones that the policy reads.
  validateResource(args as unknown as ResourceValidationArgs, (message) => said.push(message));
  return said.map((message) => /The change of (.*) replaces/.exec(message)?.[1] ?? message).join();
}

test("a replacement is a violation if it loses data that nothing copies", () => {
  const file = join(ownTemporaryFolder(), "state.json");
  writeFileSync(file, JSON.stringify({ version: 3, deployment: { resources: state } }));
  vi.stubEnv("FORMATIONS_POLICY_STATE", file);
  onTestFinished(() => void vi.unstubAllEnvs());
  const more = { workerCount: 3 };

  expect(verdict("plain", {})).toBe("");
  expect(verdict("plain", more)).toBe("workerCount");
  expect(verdict("plain", { name: "other", workerHa: true })).toBe("name, workerHa");
  expect(verdict("plain", { coordinatorHa: undefined, allowDuplicateName: true })).toBe("");
  expect(verdict("other-hook", more)).toBe("workerCount");
  expect(verdict("hooked", more)).toBe("");
  expect(verdict("retained", more)).toBe("");
  expect(verdict("gone", more)).toBe("");
  expect(verdict("replaced", more)).toBe("");
  expect(verdict("resized", more)).toBe("");
  expect(verdict("resized", { workerCount: 4 })).toBe("workerCount");
  expect(verdict("autonamed", { name: "it-2" })).toBe("");
  expect(verdict("new", more)).toBe("");
  expect(verdict("renamed", more, { aliases: [old("plain").urn] })).toBe("workerCount");
  expect(verdict("follower", { regionId: "us-west-1" })).toBe("");
  expect(verdict("primary", { regionId: "us-west-1", clusterId: "b" })).toBe("regionId");
  for (const config of [{ acknowledged: ["pl*"] }, { productionStacks: ["prod"] }]) {
    expect(verdict("plain", more, { config })).toBe("");
  }
  expect(verdict("plain", more, { config: { productionStacks: ["prod*"] } })).toBe("workerCount");
  expect(verdict("plain", { region: unknown })).toBe("region");
});

test("the configuration and the README have every policy, and no other", () => {
  const all: Policy[] = [protectedDatabases, highAvailability, noBurstableMachines];
  const names = [...all, noDataLosingReplacement, noDataLosingDeletion].map(({ name }) => name);
  const folder = join(repository, "examples", "policy");
  const config = JSON.parse(readFileSync(join(folder, "policy-config.json"), "utf8"));
  expect(Object.keys(config)).toEqual(names);
  const readme = readFileSync(join(folder, "README.md"), "utf8");
  const rows = [...readme.matchAll(/^\| `([a-z0-9-]+)` \|/gm)].map(([, name]) => name);
  expect(rows).toEqual(names);
});
