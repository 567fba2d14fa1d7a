import { z } from "zod";
import { type AntflyOptions, AntflySimulator } from "../../simulators/antfly.ts";
import { type Access, defineSubject, type TestSystem } from "../support/subject.ts";

/** Where backups go, and how they get there. */
const place = { location: "file:///backups", connection: "bk" };

/** Antfly 0.2 with a location for backups. */
export const antfly: TestSystem<AntflySimulator, AntflyOptions> = {
  name: "antfly",
  title: "Antfly",
  simulator(options) {
    const simulator = new AntflySimulator(options);
    simulator.addLocation(place.location);
    return simulator;
  },
  access: ({ url, healthUrl, token }): Access => ({
    antflyUrl: url,
    antflyHealthUrl: healthUrl,
    antflyApiKey: { secret: token },
  }),
  addExamples(simulator) {
    simulator.addConnection("backups", { protocol: "s3", buckets: ["example-backups"] });
    simulator.addLocation("s3://example-backups/nightly");
  },
};

/** What a process asks first, to learn which release answers. */
const dialect = { method: "GET", path: "/api/v1/status" };
const backups = { method: "GET", path: "/db/v1/backups" };
const list = { method: "GET", path: "/db/v1/secrets" };

const key = "openai.api_key";
const put = { method: "PUT", path: `/db/v1/secrets/${key}` };
const remove = { method: "DELETE", path: `/db/v1/secrets/${key}` };

const nightly = { ...place, schedule: "0 3 * * *" };

export const backupSchedule = defineSubject({
  name: "AntflyBackupSchedule",
  system: antfly,
  inputs: nightly,
  more: { tableNames: ["t1"] },
  named: "backupIdPrefix",
  unknowns: {
    location: "update-replace",
    connection: "update-replace",
    url: "add-replace",
    backupIdPrefix: "update-replace",
    schedule: "update",
    timezone: "add",
    tableNames: "update",
    format: "add",
    suspend: "add",
    skipImmediately: "add",
  },
  changing: {
    inputs: [nightly, { ...nightly, schedule: "0 4 * * *" }],
    strikes: { create: { ...backups, after: dialect } },
  },
  life(number) {
    const given = { ...nightly, backupIdPrefix: `soak${number}` };
    const changed = { ...given, schedule: "0 4 * * *" };
    return { inputs: given, changed, reads: ["getAntflyBackups", () => place] };
  },
  lifeSends: {},
  mixed: (pick) => ({
    // Updated, replaced, and one that stays.
    nightly: {
      args: { ...nightly, schedule: pick("0 3 * * *", "0 4 * * *") },
      isOnBothHosts: true,
    },
    weekly: {
      args: { ...nightly, location: `${place.location}/${pick("weekly", "sunday")}` },
    },
    yearly: { args: nightly, dependsOn: "nightly" },
  }),
});

const kept = z.object({
  key: z.string(),
  value: z
    .object({ plaintext: z.string() })
    .transform(({ plaintext }): unknown => JSON.parse(plaintext))
    .pipe(z.string()),
});

export const antflySecret = defineSubject({
  name: "AntflySecret",
  system: antfly,
  inputs: { key, value: "hunter2" },
  unknowns: { key: "update-replace", url: "add-replace", value: "update" },
  ids: { invalid: [["not a key", /the secret's key/]], unused: ["cohere.api_key"] },
  things: ({ secrets }) => [...secrets].map(([id, { value }]) => ({ id, key: id, value })),
  changing: {
    inputs: [
      { key, value: "sk-first-6b1e09" },
      { key, value: "sk-second-20f7ac" },
    ],
    strikes: {
      create: { ...put, after: list },
      read: { ...list, after: dialect },
      update: { ...put, after: dialect },
      delete: { ...remove, after: dialect },
    },
  },
  looking: {
    inputs: [
      { key, value: "sk-first-6b1e09" },
      { key, value: "sk-second-20f7ac" },
    ],
    strikes: { create: { ...list, after: dialect } },
  },
  life: (number) => ({
    inputs: { key: `soak.${number}`, value: "first" },
    changed: { key: `soak.${number}`, value: "second" },
    reads: ["getAntflySecrets", () => ({})],
  }),
  // A secret is stored with the method that changes it.
  lifeSends: { PUT: 2, DELETE: 1 },
  mixed: (pick) => ({
    // Updated, replaced, and one that stays.
    openai: { args: { key: "openai.key", value: pick("sk-1", "sk-2") } },
    moved: {
      args: { key: pick("old.key", "new.key"), value: "sk-moved" },
      isOnBothHosts: true,
    },
    kept: { args: { key: "kept.key", value: "sk-kept" }, isElsewhere: true },
  }),
  keep({ secrets, clock }, { outputs }) {
    const { key: stored, value } = kept.parse(outputs);
    const now = clock.now();
    secrets.set(stored, { value, createdAt: now, updatedAt: now });
  },
});
