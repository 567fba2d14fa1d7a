import type { Values } from "../../../provider/resource/values.ts";
import { backupSchedule } from "../../antfly/subjects.ts";
import { antflySystem } from "./antfly.ts";
import { type Declared, Late, type Program, Reference } from "./program.ts";
import type { Sent } from "./record.ts";
import { lifecycle } from "./suite.ts";
import type { System } from "./system.ts";

const { inputs: args } = backupSchedule;
const given = { tableNames: ["orders", "people"], timezone: "Europe/Berlin", format: "native" };

function schedule(change: Values = {}, options?: Values): Declared {
  const properties = { ...args, ...given, ...change };
  return { type: "AntflyBackupSchedule", properties, ...(options && { options }) };
}

function secret(key: string | Late, value: string | Late, options?: Values): Declared {
  return { type: "AntflySecret", properties: { key, value }, ...(options && { options }) };
}

/** Changes that are recorded, by resource. */
const recorded: Record<string, Values> = {
  cron: { schedule: "*/15 2-4 * * 1-5" },
  zone: { timezone: "Asia/Tokyo" },
  zoneless: { timezone: undefined },
  tables: { tableNames: ["orders"] },
  tableless: { tableNames: undefined },
  format: { format: "portable" },
  suspended: { suspend: true },
};
const moves: Record<string, Values> = {
  place: { location: "file:///elsewhere" },
  access: { connection: "second" },
  prefix: { backupIdPrefix: "prefix" },
};
const ignoring = { ignoreChanges: ["schedule", "location"] };
const ignoringValue = { ignoreChanges: ["value"] };
const values = { old: "value-old-91c4", fresh: "value-new-17d2", unseen: "value-seen-5d1f" };

function programOf(isChanged: boolean): Program {
  const changing = Object.entries({ ...recorded, ...moves }).map(([name, change]) => [
    name,
    schedule(isChanged ? change : {}),
  ]);
  return Object.fromEntries(changing);
}

const first: Program = {
  ...programOf(false),
  spelt: schedule(),
  later: schedule(),
  // Its location waits for an ID that only the plugin knows beforehand.
  late: schedule({ location: new Late("file:///backups", new Reference("prefix", "id")) }),
  ignored: schedule({}, ignoring),
  host: schedule({ backupIdPrefix: "host" }),
  valued: secret("valued", values.old),
  renamed: secret("renamed", values.old),
  gone: secret("gone", values.old),
  taken: secret("taken", values.old),
  unseen: secret("unseen", values.old),
  held: secret("held", values.old, ignoringValue),
};
const made = new Reference("made", "status");
const changed: Program = {
  made: secret("made", values.old),
  ...first,
  ...programOf(true),
  later: schedule({ location: new Late("file:///backups", made) }),
  spelt: schedule({ schedule: " 0  3 * * * ", tableNames: ["people", "orders"] }),
  ignored: schedule({ schedule: "0 4 * * *", location: "file:///elsewhere" }, ignoring),
  valued: secret("valued", new Late(values.fresh, made)),
  renamed: secret("renamed.other", values.old),
  held: secret("held", values.fresh, ignoringValue),
};
/** The program, with one schedule on the same server by its address. */
function changedAt({ simulator }: System): Program {
  return { ...changed, host: schedule({ backupIdPrefix: "host", url: simulator.url }) };
}

const each = (program: Program, op: string) =>
  Object.fromEntries(Object.keys(program).map((name) => [name, op]));
const schedules = (program: Program) =>
  Object.fromEntries(
    Object.entries(program).filter(([, { type }]) => type === "AntflyBackupSchedule"),
  );
const status = "GET /api/v1/status";
const listed = "GET /db/v1/secrets";
const backups = "GET /db/v1/backups";
const path = (key: string) => `/db/v1/secrets/${key}`;
const put = (key: string, value: string): Sent[] => [[`PUT ${path(key)}`, { value }]];
/** What is sent for each of the first secrets, by key. */
const keyed = (sent: (key: string) => Sent[]) =>
  Object.fromEntries(
    ["valued", "renamed", "gone", "taken", "unseen", "held"].map((key) => [key, sent(key)]),
  );
const undecided = "replace: treated as a replacement until the value is known";
const planned = {
  ...Object.fromEntries(Object.keys(recorded).map((name) => [name, "update"])),
  ...{ made: "create", valued: "update", renamed: "replace new first: key" },
  place: "replace new first: location",
  access: "replace new first: connection",
  host: "replace new first: url",
  prefix: "replace new first: backupIdPrefix",
};
const stay = (location: string) => [`Its backups stay at ${location}:`];
const taken = {
  taken: [
    "info: update: stored again, which takes precedence over the variable",
    "warning: The secret is no longer stored on the server",
  ],
};

lifecycle("schedules and secrets", {
  system: antflySystem,
  steps: [
    {
      title: "a preview of creations sends nothing",
      program: first,
      run: "preview",
      expected: { plan: each(first, "create") },
    },
    {
      title: "a schedule is created by listing only, a secret by one PUT of a key that is free",
      run: "up",
      expected: {
        plan: each(first, "create"),
        requests: {
          server: [status, listed],
          "file:///backups": [backups],
          ...keyed((key) => put(key, values.old)),
        },
        contents: { backups: [], secrets: { valued: values.old } },
        state: {
          valued: {
            id: "valued",
            inputs: { key: "valued", value: "[secret]" },
            outputs: { key: "valued", value: "[secret]", status: "configured_file" },
          },
          cron: { outputs: { ...args, ...given } },
        },
      },
    },
    {
      title: "a preview without a change is empty, and sends nothing",
      run: "preview",
      expected: {},
    },
    {
      title: "a preview says what a change updates and replaces, and what is undecided",
      program: changedAt,
      run: "preview",
      expected: {
        plan: { ...planned, later: "replace new first: location" },
        says: { later: [`info: location: ${undecided}`] },
        besides: {
          host: "dynamic",
          because: "it has no outputs in a preview, so the ID of a replacement is not known",
          plan: { late: "replace new first: location" },
          says: { late: [`info: location: ${undecided}`] },
        },
        details: { tables: { tableNames: "update" }, renamed: { key: "update-replace" } },
      },
    },
    {
      title:
        "a change of a schedule is recorded, or begins another series; one of a secret is one PUT",
      run: "up",
      expected: {
        plan: planned,
        says: Object.fromEntries(
          ["place", "access", "host", "prefix"].map((name) => [name, stay("file:///backups")]),
        ),
        requests: {
          server: [status, listed],
          "file:///backups": [backups],
          "file:///elsewhere": [backups],
          made: put("made", values.old),
          valued: put("valued", values.fresh),
          "renamed.other": put("renamed.other", values.old),
          renamed: [`DELETE ${path("renamed")}`],
        },
        contents: { secrets: { valued: values.fresh, held: values.old } },
        state: {
          cron: { outputs: recorded.cron ?? {} },
          suspended: { outputs: { suspend: true } },
          zoneless: { outputs: { timezone: "UTC" } },
        },
      },
    },
    {
      title: "a refresh asks for secrets only, sees which are gone, and no value",
      meanwhile: ({ simulator: antfly }) => {
        antfly.secrets.delete("gone");
        antfly.secrets.delete("taken");
        antfly.environmentSecrets.add("taken");
        const unseen = antfly.secrets.get("unseen");
        if (unseen) unseen.value = values.unseen;
      },
      run: "refresh",
      expected: {
        plan: { gone: "delete", taken: "update" },
        says: taken,
        requests: { server: [status, ...Array<string>(7).fill(listed)] },
      },
    },
    {
      title: "a preview stores again what is gone, and what an environment variable has taken over",
      run: "preview",
      expected: { plan: { gone: "create", taken: "update" }, says: taken },
    },
    {
      title: "what is gone is stored again, what nobody sees stays",
      run: "up",
      expected: {
        plan: { gone: "create", taken: "update" },
        says: taken,
        requests: {
          server: [status, listed],
          gone: put("gone", values.old),
          taken: put("taken", values.old),
        },
        contents: { secrets: { gone: values.old, taken: values.old, unseen: values.unseen } },
      },
    },
    {
      title: "a key that an environment variable has is refused, and nothing is in the state",
      meanwhile: ({ simulator: antfly }) => {
        antfly.environmentSecrets.add("occupied");
      },
      program: (system) => ({ ...changedAt(system), occupied: secret("occupied", values.fresh) }),
      run: "up",
      expected: {
        plan: { occupied: "create" },
        errors: { occupied: ['secret "occupied" from the server'] },
        requests: { server: [status, listed] },
      },
    },
    {
      title: "a destruction leaves the backups, and sends one DELETE for each secret; gone is done",
      meanwhile: ({ simulator: antfly }) => {
        antfly.secrets.delete("gone");
        antfly.addBackup("file:///backups", "by-hand");
      },
      run: "destroy",
      expected: {
        plan: each(changed, "delete"),
        says: {
          ...Object.fromEntries(
            Object.keys(schedules(changed)).map((name) => [name, stay("file:///backups")]),
          ),
          place: stay("file:///elsewhere"),
          taken: ["warning: The server's environment has a variable for this secret"],
        },
        requests: {
          server: [status],
          ...Object.fromEntries(
            ["made", "valued", "renamed.other", "gone", "taken", "unseen", "held"].map((key) => [
              key,
              [`DELETE ${path(key)}`],
            ]),
          ),
        },
        contents: { backups: ["by-hand"], secrets: {} },
      },
    },
  ],
});
