import { readFile } from "node:fs/promises";
import { z } from "zod";
import { type Clock, systemClock } from "../../clock";
import { environmentVariable, fileVariable } from "../../resource/config";
import { createSession, type Session } from "../../resource/session";
import type { Values } from "../../resource/values";
import { readInputs, type ScheduleSource, serversOf, WrongSchedule } from "./schedules";

const entry = z.looseObject({
  name: z.string().min(1),
  stack: z.string().optional(),
  /** How its servers are reached, where the stack says so. */
  allowHttp: z.union([z.boolean(), z.string()]).optional(),
  /** Only where the export was asked for secrets. */
  antflyApiKey: z.string().min(1).optional(),
  /** A file with the key, for runners that serve clusters of several keys. */
  antflyApiKeyFile: z.string().min(1).optional(),
});

const file = z.strictObject({ version: z.literal(1), schedules: z.array(entry) });

/** How an entry's server is reached. */
type Access = Pick<z.output<typeof entry>, "allowHttp" | "antflyApiKey" | "antflyApiKeyFile">;

/** What `formations backups export` writes. */
export type ScheduleFile = z.input<typeof file>;

/** The schedules of a file that `formations backups export` wrote. */
export function fileSource(
  path: string,
  environment: NodeJS.ProcessEnv = process.env,
  clock: Clock = systemClock,
): ScheduleSource {
  return {
    async load() {
      const { schedules } = await read(path);
      // Those of one key share a session, so that each server is asked once which dialect it speaks.
      const sessions = new Map<string, Session>();
      return schedules.map(
        ({ allowHttp, antflyApiKey, antflyApiKeyFile, name, stack, ...given }) => {
          const inputs = readInputs(given, `${path}: ${name}`);
          const access = { allowHttp, antflyApiKey, antflyApiKeyFile };
          const key = JSON.stringify(access);
          const session = sessions.get(key) ?? sessionOf(access, environment, clock);
          sessions.set(key, session);
          return { ...inputs, name, stack, servers: serversOf(session) };
        },
      );
    },
  };
}

async function read(path: string): Promise<z.output<typeof file>> {
  const text = await readFile(path, "utf8").catch((error: Error) => {
    throw new WrongSchedule(`${path} can't be read: ${error.message}.`);
  });
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new WrongSchedule(`${path} is no JSON: ${(error as Error).message}.`);
  }
  const parsed = file.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new WrongSchedule(
    `${path} is no file of \`formations backups export\`:\n${z.prettifyError(parsed.error)}`,
  );
}

function sessionOf(
  { antflyApiKeyFile, ...config }: Access,
  environment: NodeJS.ProcessEnv,
  clock: Clock,
): Session {
  const keyFile = antflyApiKeyFile && {
    [environmentVariable("antflyApiKey")]: undefined,
    [fileVariable("antflyApiKey")]: antflyApiKeyFile,
  };
  const values: Values = config;
  return createSession((key) => values[key], { ...environment, ...keyFile }, clock);
}
