import { z } from "zod";
import { backupId } from "../antfly/backups02.ts";
import { secretKey } from "../antfly/secrets02.ts";
import type { AntflySimulator } from "../antfly.ts";
import { defineKind, type Kind, refuseSecond } from "./kind.ts";
import { SimulationProblem } from "./problem.ts";

const documents = z.record(z.string(), z.unknown());

const tableSchema = z.strictObject({ name: z.string().min(1), documents: documents.default({}) });

const connectionChanges = z.strictObject({
  protocol: z.enum(["filesystem", "s3", "gcs"]).optional(),
  buckets: z.array(z.string()).optional(),
  reachable: z.boolean().optional(),
});

const connectionSchema = connectionChanges.extend({ name: z.string().min(1) });

const backupSchema = z.strictObject({
  location: z.string().regex(/^(file|s3|gs|gcs):\/\/./, "must begin with file://, s3:// or gs://"),
  id: backupId,
  tables: z.array(z.string()).optional(),
});

const secretSchema = z.strictObject({
  key: z
    .string()
    .regex(secretKey, "must be letters, digits, hyphens and underscores, with dots between"),
  value: z.string().min(1),
});

/** The tables, connections, backups and secrets of an Antfly server. */
export function antflyKinds(simulator: AntflySimulator): Kind[] {
  return [
    tables(simulator),
    connections(simulator),
    backups(simulator),
    defineKind({
      ...{ name: "secret", plural: "secrets", schema: secretSchema },
      changes: secretSchema.omit({ key: true }),
      // Without the values: they are secrets here too.
      list: () => [...simulator.secrets.keys()].map((name) => ({ name, values: {} })),
      add({ key, value }) {
        refuseSecond(simulator.secrets.has(key), `secret/${key}`);
        const now = simulator.clock.now();
        simulator.secrets.set(key, { value, createdAt: now, updatedAt: now });
      },
      set({ name }, { value }) {
        const secret = simulator.secrets.get(name);
        if (secret) Object.assign(secret, { value, updatedAt: simulator.clock.now() });
      },
      remove: ({ name }) => void simulator.secrets.delete(name),
    }),
  ];
}

function tables(simulator: AntflySimulator): Kind {
  return defineKind({
    ...{ name: "table", plural: "tables", schema: tableSchema },
    changes: tableSchema.omit({ name: true }),
    list: () =>
      [...simulator.tables].map(([name, docs]) => {
        return { name, values: { documents: Object.keys(docs).length } };
      }),
    add({ name, documents: docs }) {
      refuseSecond(simulator.tables.has(name), `table/${name}`);
      simulator.addTable(name, docs);
    },
    set: ({ name }, { documents: docs }) => simulator.addTable(name, docs),
    remove: ({ name }) => void simulator.tables.delete(name),
  });
}

function connections(simulator: AntflySimulator): Kind {
  return defineKind({
    ...{ name: "connection", plural: "connections", schema: connectionSchema },
    changes: connectionChanges,
    list: () =>
      [...simulator.connections].map(([name, { protocol, buckets, reachable }]) => ({
        name,
        values: { protocol, buckets, reachable },
      })),
    add({ name, ...rest }) {
      refuseSecond(simulator.connections.has(name), `connection/${name}`);
      simulator.addConnection(name, rest);
    },
    set({ name }, values) {
      Object.assign(simulator.connections.get(name) ?? {}, values);
    },
    remove: ({ name }) => void simulator.connections.delete(name),
  });
}

function backups(simulator: AntflySimulator): Kind {
  return defineKind({
    ...{ name: "backup", plural: "backups", schema: backupSchema },
    changes: z.strictObject({ readable: z.boolean() }),
    list: () =>
      simulator.locations.flatMap((location) =>
        [...simulator.backups(location).values()].map(({ id, tables: names, readable }) => ({
          name: `${location}/${id}`,
          values: { tables: [...names.keys()], readable },
        })),
      ),
    add({ location, id, tables: names }) {
      const missing = names?.filter((name) => !simulator.tables.has(name)) ?? [];
      if (missing.length > 0) {
        throw new SimulationProblem(`tables: there is no table ${missing.join(", ")}`);
      }
      refuseSecond(simulator.backups(location).has(id), `backup/${location}/${id}`);
      simulator.addBackup(location, id, names);
    },
    set({ name }, { readable }) {
      const backup = simulator.backups(locationOf(name)).get(idOf(name));
      if (backup) backup.readable = readable;
    },
    remove: ({ name }) => simulator.removeBackup(locationOf(name), idOf(name)),
  });
}

function locationOf(name: string): string {
  return name.slice(0, name.lastIndexOf("/"));
}

function idOf(name: string): string {
  return name.slice(name.lastIndexOf("/") + 1);
}
