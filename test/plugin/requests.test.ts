import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { repository } from "../../build/repository.ts";
import type { Values } from "../../provider/resource/values.ts";
import type { AntflyOptions } from "../../simulators/antfly.ts";
import type { SimulatorOptions } from "../../simulators/kit/simulator.ts";
import { appFormation } from "../akkeris/subjects.ts";
import { antflySecret, backupSchedule } from "../antfly/subjects.ts";
import { formation } from "../citus/subjects.ts";
import { replica } from "../crunchybridge/subjects.ts";
import { subjects } from "../subjects.ts";
import { readsOnce, takeRequests } from "../support/requests.ts";
import type { Subject } from "../support/subject.ts";
import type { Held } from "./resource.ts";
import { worldOf } from "./world.ts";

/*
 * The page of each resource says what its verbs send: this is what a simulator gets.
 */

/** Lives of a resource, by what the page calls their beginning, and the updates of the last of them. */
interface Life {
  subject: Subject;
  creations: Record<string, Values>;
  updates: Record<string, Values>;
  /** What every path begins with that the page leaves out. */
  base?: string;
  /** Inputs that are in paths. */
  places?: readonly string[];
}

const lives: readonly Life[] = [
  {
    subject: formation,
    creations: { Create: formation.inputs },
    updates: { Update: { allowDuplicateName: true } },
    base: "/api/v1",
  },
  {
    subject: replica,
    creations: { Create: replica.inputs },
    updates: {
      "Update of `name`, `environment`, `isProtected` or `maintenanceWindowStart`": {
        environment: "production",
      },
      "Update of `planId` or `storage`": { storage: 200 },
      "Update of `isHa`": { isHa: true },
      "Update of `detached`": { detached: true },
    },
    places: ["clusterId"],
  },
  {
    subject: appFormation,
    creations: {
      Create: appFormation.inputs,
      "Create with `quantity: 0`, or with a `port`": {
        ...appFormation.inputs,
        ...{ app: "bar-default", type: "job", quantity: 0, command: "run" },
      },
      "Create of the `web` that Akkeris has created on its own": {
        ...appFormation.inputs,
        ...{ app: "bar-default", type: "web" },
      },
    },
    updates: { Update: { quantity: 2 } },
    places: ["app", "type"],
  },
  {
    subject: backupSchedule,
    creations: { Create: backupSchedule.inputs },
    updates: { Update: { schedule: "0 4 * * *" } },
  },
  {
    subject: antflySecret,
    creations: { Create: antflySecret.inputs },
    updates: { Update: { value: "hunter3" } },
    places: ["key"],
  },
];

/** What a page says: the requests of each verb, by the verb's title. */
function said(name: string): Record<string, string[]> {
  const file = name.replaceAll(/(?<=[a-z])[A-Z]/g, "-$&").toLowerCase();
  const page = readFileSync(join(repository, "docs", "resources", `${file}.md`), "utf8");
  const [, section = ""] = /^## Requests$([\s\S]*?)^## /m.exec(page) ?? [];
  const verbs = [...section.matchAll(/^- \*\*(.+?)\*\*(.*(?:\n {2}.+)*)/gm)];
  return Object.fromEntries(
    verbs.map(([, title = "", body = ""]) => [
      title,
      [...body.matchAll(/^ {2}- `([A-Z]+ [^`]+)`/gm)].map(([, line = ""]) => line),
    ]),
  );
}

/** What a simulator gets of each verb. */
async function sent(
  { subject, creations, updates, base = "", places = [] }: Life,
  options?: SimulatorOptions,
) {
  const { resource, simulator } = await worldOf(subject, options);
  const lines: Record<string, string[]> = {};
  const note = (title: string, { id, inputs }: Held) => {
    const names = [...places.map((key) => [key, inputs[key]]), ["id", id]];
    lines[title] = readsOnce(takeRequests(simulator), (line) => line).map((line) => {
      const [method, path = ""] = line.replace(base, "").split(" ");
      const segments = path.split("/").map((segment) => {
        const [place] = names.find(([, value]) => value === segment) ?? [];
        return place ? `{${place}}` : segment;
      });
      return `${method} ${segments.join("/")}`;
    });
  };

  let held: Held = { id: "", inputs: {}, state: {} };
  for (const [title, inputs] of Object.entries(creations)) {
    held = await resource.create(inputs);
    note(title, held);
  }
  held = await resource.read(held);
  note("Read", held);
  for (const [title, change] of Object.entries(updates)) {
    held = await resource.update(held, { ...held.inputs, ...change });
    note(title, held);
  }
  await resource.delete(held);
  note("Delete", held);
  return lines;
}

describe("the page of each resource says what each verb sends", () => {
  test.each(lives)("$subject.name", async (life) => {
    expect(await sent(life)).toEqual(said(life.subject.name));
  });

  test.each(lives.filter(({ subject }) => subject.system === antflySecret.system))(
    "$subject.name, on a server of v0.1",
    async (life) => {
      const options: AntflyOptions = { dialect: "v0.1" };
      const page = JSON.stringify(said(life.subject.name)).replaceAll("/db/v1/", "/api/v1/");
      expect(await sent(life, options)).toEqual(JSON.parse(page));
    },
  );

  test("no resource is left out", () => {
    expect(lives.map(({ subject }) => subject)).toEqual(subjects);
  });
});
