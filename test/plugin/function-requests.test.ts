import { readFileSync } from "node:fs";
import { join } from "node:path";
import pb from "@pulumi/pulumi/proto/provider_pb.js";
import { expect, test } from "vitest";
import { repository } from "../../build/repository.ts";
import { functions } from "../../provider/index.ts";
import type { FunctionDefinition } from "../../provider/resource/definition.ts";
import { functionsPage } from "../../sdk/generator/function-page.ts";
import { running } from "../simulators/kit/testing.ts";
import { systems } from "../subjects.ts";
import { takeRequests } from "../support/requests.ts";
import { startPlugin } from "./plugin.ts";
import { bag, configured } from "./wire.ts";

/*
 * The page of a system's functions says what each sends: this is what a simulator gets.
 */

/** What the page says: the requests of a function, in order. */
function said({ name, system }: FunctionDefinition): string[] {
  const page = readFileSync(join(repository, functionsPage(system)), "utf8");
  const section = page.split(/^## /m).find((text) => text.startsWith(`${name}\n`)) ?? "";
  const [, list = ""] = /^Requests:\n\n((?:- .*\n)+)/m.exec(section) ?? [];
  return [...list.matchAll(/^- `([A-Z]+ [^`]+)`/gm)].map(([, line = ""]) => line);
}

/** The IDs that examples name, of which a server may give one. */
const ids = functions.flatMap(({ example }) => (example?.id ? [example.id] : []));

/** A request as the page has it: names in place of the values that a path consists of. */
function onPage(line: string, { example = {}, requests }: FunctionDefinition): string {
  const names = [...Object.entries(example), ...ids.map((id) => ["id", id])].filter(([name]) =>
    requests.some((request) => request.includes(`{${name}}`)),
  );
  const [method, path = ""] = line.split(" ");
  const segments = path.replace("/api/v1/formations", "/formations").split("/");
  const named = segments.map((segment) => {
    const [place] = names.find(([, value]) => value === segment) ?? [];
    return place ? `{${place}}` : segment;
  });
  return `${method} ${named.join("/")}`;
}

/** What a simulator gets when the function is the first thing that a process of the plugin does. */
async function sent(definition: FunctionDefinition): Promise<string[]> {
  const { name, system, example = {} } = definition;
  const under = systems.find((one) => one.name === system.name);
  if (!under) throw new Error(`The tests know no system ${system.name}.`);
  const simulator = await running(under.simulator());
  under.addExamples(simulator);
  const plugin = await startPlugin();
  await plugin.configure(configured(under.access(simulator)));
  const token = `formations:index:${name}`;
  await plugin.call("invoke", new pb.InvokeRequest().setTok(token).setArgs(bag(example)));
  return takeRequests(simulator).map((line) => onPage(line, definition));
}

test.each(functions)("the page says what $name sends", async (definition) => {
  expect(said(definition)).toEqual(await sent(definition));
});
