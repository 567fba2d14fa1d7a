import { z } from "zod";
import { defineFunction } from "../resource/definition";
import { utc } from "../resource/values";
import { backupLocation } from "./backup-schedule/schema";
import { antfly } from "./system";

const url = z.string().optional().meta({
  description:
    "The server's root, where it is not the configured `antflyUrl`; the configured API key is sent to it.",
});
const healthUrl = url.meta({
  description:
    "The server's root, where it is not the configured `antflyUrl`; its port 4200 is asked, without a key.",
});

/** Reads a cluster's health. */
export const getAntflyStatus = defineFunction({
  name: "getAntflyStatus",
  description: "Reads the health of an Antfly cluster: of all its stores and shards.",
  system: antfly,
  args: z.object({ url }),
  result: z.object({
    health: z.string().meta({
      description: "`healthy`, `degraded`, `unhealthy`, `error`, `unknown`, or one that is new.",
    }),
    message: z.string().optional().meta({ description: "What the server adds to it." }),
    authEnabled: z.boolean().meta({ description: "Whether the server demands a credential." }),
    deploymentMode: z.string().optional().meta({
      description:
        "Servers of version 0.2: `embedded`, `distributed`, `standalone`, `serverless`, or one that is new.",
    }),
    swarmMode: z.boolean().optional().meta({
      description: "Servers of version 0.1: whether the cluster is a single node.",
    }),
    dialect: z.string().meta({
      description: "Which version of the API the server speaks: `v0.1` or `0.2`.",
    }),
  }),
  invoke: ({ url }, { api, ...context }) => api.at(url).status(context),
});

/** Asks whether a server's process is up. */
export const getAntflyHealth = defineFunction({
  name: "getAntflyHealth",
  description:
    "Asks an Antfly server's health port whether its process is up. It fails where nothing answers; `getAntflyStatus` tells how the cluster is.",
  system: antfly,
  args: z.object({ url: healthUrl }),
  result: z.object({ status: z.string().meta({ description: "What the server says: `ok`." }) }),
  async invoke({ url }, { api, ...context }) {
    return { status: await api.at(url).health(context) };
  },
});

/** Reads a server's metrics. */
export const getAntflyMetrics = defineFunction({
  name: "getAntflyMetrics",
  description: "Reads the metrics of an Antfly server from its health port.",
  system: antfly,
  args: z.object({ url: healthUrl }),
  result: z.object({
    metrics: z.string().meta({ description: "The metrics, in Prometheus' text format." }),
  }),
  async invoke({ url }, { api, ...context }) {
    return { metrics: await api.at(url).metrics(context) };
  },
});

const backup = z.object({
  backupId: z.string().meta({ description: "The backup's ID, unique at its location." }),
  timestamp: z.string().meta({ description: "When it was taken: RFC 3339, UTC." }),
  tables: z.array(z.string()).meta({
    description: "The tables that are in it. One whose backup failed is missing here.",
  }),
  location: z.string().meta({ description: "Where it lies." }),
  antflyVersion: z
    .string()
    .optional()
    .meta({ description: "The version of the server that took it." }),
  format: z.string().optional().meta({
    description: "`native` or `portable`, where the server tells it.",
  }),
});

/** Lists backups. */
export const getAntflyBackups = defineFunction({
  name: "getAntflyBackups",
  description:
    "Lists all backups at a location, whichever schedule or person took them. Wants an administrator's key.",
  system: antfly,
  args: z.object({
    location: backupLocation().meta({
      description:
        "Where they lie: `file:///path`, `s3://bucket/path` or `gs://bucket/path`, without a trailing slash.",
    }),
    connection: z.string().optional().meta({
      description:
        "Name of a connection in the server's configuration. Servers of version 0.2 demand one.",
    }),
    url,
  }),
  example: { location: "s3://example-backups/nightly", connection: "backups" },
  result: z.object({ backups: z.array(backup).meta({ description: "The backups." }) }),
  async invoke({ location, connection, url }, { api, ...context }) {
    const backups = await api.at(url).backups({ location, connection }, context);
    return { backups: backups.map((one) => ({ ...one, timestamp: time(one.timestamp) })) };
  },
});

const secret = z.object({
  key: z.string().meta({ description: "The secret's name." }),
  status: z.string().meta({
    description:
      "Where the server has it from: `configured_keystore` (v0.1) or `configured_file` (0.2), `configured_env`, `configured_both`, or one that is new.",
  }),
  envVar: z
    .string()
    .optional()
    .meta({ description: "The environment variable that stands in for it." }),
  createdAt: z.string().optional().meta({
    description:
      "When it was stored first: RFC 3339, UTC. Missing where it comes from the environment; servers of version 0.2.2 tell times in 1970.",
  }),
  updatedAt: z.string().optional().meta({
    description: "When it was stored last: RFC 3339, UTC. As `createdAt`.",
  }),
});

/** Lists secrets. */
export const getAntflySecrets = defineFunction({
  name: "getAntflySecrets",
  description:
    "Lists the secrets that an Antfly server knows, without their values, which no call returns. Wants an administrator's key.",
  system: antfly,
  args: z.object({ url }),
  result: z.object({ secrets: z.array(secret).meta({ description: "The secrets." }) }),
  async invoke({ url }, { api, ...context }) {
    const secrets = await api.at(url).secrets(context);
    return {
      secrets: secrets.map(({ createdAt, updatedAt, ...one }) => ({
        ...one,
        createdAt: createdAt && time(createdAt),
        updatedAt: updatedAt && time(updatedAt),
      })),
    };
  },
});

/** A time in UTC; one that cannot be read stays as the server has it. */
export function time(text: string): string {
  return Number.isNaN(Date.parse(text)) ? text : utc(text);
}
