import { z } from "zod";
import { defineFunction } from "../resource/definition";
import { utcIfTime } from "../resource/values";
import { backupLocation } from "./backup-schedule/schema";
import { serverUrlDescription } from "./server-url";
import { antfly } from "./system";

const url = z.string().optional().meta({ description: serverUrlDescription });
const healthUrl = url.meta({
  description:
    "The server's root, if it is not the configured `antflyUrl`; the request goes to its port 4200, without a key.",
});

const detection =
  "GET /api/v1/status: detects the version of the API, once per server and process, unless the URL names the version";

export const getAntflyStatus = defineFunction({
  name: "getAntflyStatus",
  description: "Reads the health of an Antfly cluster, over all its stores and shards.",
  system: antfly,
  args: z.object({ url }),
  requests: [detection, "GET /db/v1/status: `/api/v1` on a server of v0.1"],
  result: z.object({
    health: z.string().meta({
      description: "`healthy`, `degraded`, `unhealthy`, `error`, `unknown`, or a new status.",
    }),
    message: z.string().optional().meta({ description: "The server's explanation." }),
    authEnabled: z.boolean().meta({ description: "Whether the server requires a credential." }),
    deploymentMode: z.string().optional().meta({
      description:
        "Version 0.2 only: `embedded`, `distributed`, `standalone`, `serverless`, or a new mode.",
    }),
    swarmMode: z.boolean().optional().meta({
      description: "Version 0.1 only: whether the cluster is a single node.",
    }),
    dialect: z.string().meta({
      description: "Version of the API: `v0.1` or `0.2`.",
    }),
  }),
  invoke: ({ url }, { api, ...context }) => api.at(url).status(context),
});

export const getAntflyHealth = defineFunction({
  name: "getAntflyHealth",
  description:
    "Checks on an Antfly server's health port whether its process is up. Fails if there is no response. `getAntflyStatus` reads the health of the cluster.",
  system: antfly,
  args: z.object({ url: healthUrl }),
  requests: ["GET /healthz: on the health port, without a key"],
  result: z.object({ status: z.string().meta({ description: "The server's response: `ok`." }) }),
  async invoke({ url }, { api, ...context }) {
    return { status: await api.at(url).health(context) };
  },
});

export const getAntflyMetrics = defineFunction({
  name: "getAntflyMetrics",
  description: "Reads the metrics of an Antfly server from its health port.",
  system: antfly,
  args: z.object({ url: healthUrl }),
  requests: ["GET /metrics: on the health port, without a key"],
  result: z.object({
    metrics: z.string().meta({ description: "The metrics in Prometheus' text format." }),
  }),
  async invoke({ url }, { api, ...context }) {
    return { metrics: await api.at(url).metrics(context) };
  },
});

const backup = z.object({
  backupId: z.string().meta({ description: "The backup's ID, unique at its location." }),
  timestamp: z.string().optional().meta({
    description: "When the backup was taken (RFC 3339, UTC), if the server says so.",
  }),
  tables: z.array(z.string()).meta({
    description: "The tables in the backup, without those whose backup failed.",
  }),
  location: z.string().meta({ description: "Where the backup is stored." }),
  antflyVersion: z
    .string()
    .optional()
    .meta({ description: "The version of the server that took the backup." }),
  format: z.string().optional().meta({
    description: "`native` or `portable`, if the server says so.",
  }),
});

export const getAntflyBackups = defineFunction({
  name: "getAntflyBackups",
  description:
    "Lists all backups at a location, whichever schedule or person took them. Needs an administrator's key.",
  system: antfly,
  args: z.object({
    location: backupLocation().meta({
      description:
        "Where the backups are: `file:///path`, `s3://bucket/path` or `gs://bucket/path`, without a trailing slash.",
    }),
    connection: z.string().optional().meta({
      description: "Name of a connection in the server's configuration. Version 0.2 requires one.",
    }),
    url,
  }),
  example: { location: "s3://example-backups/nightly", connection: "backups" },
  requests: [detection, "GET /db/v1/backups: `/api/v1` on a server of v0.1"],
  result: z.object({ backups: z.array(backup).meta({ description: "The backups." }) }),
  async invoke({ location, connection, url }, { api, ...context }) {
    const backups = await api.at(url).backups({ location, connection }, context);
    return {
      backups: backups.map(({ timestamp, hidesTables: _, ...one }) => ({
        ...one,
        timestamp: timestamp && utcIfTime(timestamp),
      })),
    };
  },
});

const secret = z.object({
  key: z.string().meta({ description: "The secret's name." }),
  status: z.string().meta({
    description:
      "Where the secret is. `configured_file` (0.2) or `configured_keystore` (v0.1): stored; `configured_both`: stored, and takes precedence over an environment variable; `configured_env`: only in an environment variable; or a new status.",
  }),
  envVar: z
    .string()
    .optional()
    .meta({ description: "The environment variable that has a value for the secret." }),
  source: z.string().optional().meta({
    description: "Where the value comes from, in the server's words. Newer than version 0.2.5.",
  }),
  managed: z.boolean().optional().meta({
    description:
      "Whether the secret is in the server's own store. `false`: only a file that is mounted into the server, or its environment, has it. Newer than version 0.2.5.",
  }),
  createdAt: z.string().optional().meta({
    description:
      "When the secret was first stored (RFC 3339, UTC). Absent for a secret from the environment; version 0.2.2 reports times in 1970.",
  }),
  updatedAt: z.string().optional().meta({
    description:
      "When the secret was last stored (RFC 3339, UTC), with the same exceptions as `createdAt`.",
  }),
});

export const getAntflySecrets = defineFunction({
  name: "getAntflySecrets",
  description:
    "Lists the secrets that an Antfly server knows, without their values, which no call returns. Needs an administrator's key.",
  system: antfly,
  args: z.object({ url }),
  requests: [detection, "GET /db/v1/secrets: `/api/v1` on a server of v0.1"],
  result: z.object({
    secrets: z.array(secret).meta({ description: "The secrets." }),
    writable: z.boolean().optional().meta({
      description:
        "Whether the server has a store of its own, so that secrets can be stored. Newer than version 0.2.5.",
    }),
  }),
  async invoke({ url }, { api, ...context }) {
    const { secrets, writable } = await api.at(url).secretList(context);
    return {
      writable,
      secrets: secrets.map(({ createdAt, updatedAt, ...one }) => ({
        ...one,
        createdAt: createdAt && utcIfTime(createdAt),
        updatedAt: updatedAt && utcIfTime(updatedAt),
      })),
    };
  },
});
