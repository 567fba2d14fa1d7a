import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { z } from "zod";
import { environmentVariable, fileVariable } from "../../../provider/resource/config";
import type { Values } from "../../../provider/resource/values";
import type { Connections } from "../connections";
import { readInputs, type Schedule, type ScheduleSource, timeOf, WrongSchedule } from "./schedule";

const time = z.iso.datetime({ offset: true }).optional();

const entry = z.looseObject({
  name: z.string().min(1),
  stack: z.string().optional(),
  /** When the schedule was created, and when its timetable last changed. Files of 0.1.0 have neither. */
  createdAt: time,
  changedAt: time,
  /** Whether the stack's configuration allows plain http. */
  allowHttp: z.union([z.boolean(), z.string()]).optional(),
  /** Only if exported with `--show-secrets`. */
  antflyApiKey: z.string().min(1).optional(),
  /** A file with the key, for runners that serve clusters with different keys. */
  antflyApiKeyFile: z.string().min(1).optional(),
});

const file = z.strictObject({ version: z.literal(1), schedules: z.array(entry) });

/** What `formations backups export` writes. */
export type ScheduleFile = z.input<typeof file>;

/** The schedules of a file that `formations backups export` wrote. */
export function fileSource(path: string, connections: Connections): ScheduleSource {
  return {
    title: path,
    key: `file ${resolve(path)}`,
    async load() {
      const { schedules } = await read(path);
      return schedules.map((one) => toSchedule(one, path, connections));
    },
  };
}

async function read(path: string): Promise<z.output<typeof file>> {
  const text = await readFile(path, "utf8").catch((error: Error) => {
    throw new WrongSchedule(`Cannot read ${path}: ${error.message}.`);
  });
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    // The rest of the parser's message may quote a key.
    const [place = ""] = / at position .*$/.exec(String(error)) ?? [];
    throw new WrongSchedule(`${path} is not valid JSON${place}.`);
  }
  const parsed = file.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new WrongSchedule(
    `${path} was not written by \`formations backups export\`:\n${z.prettifyError(parsed.error)}`,
  );
}

function toSchedule(
  { name, stack, createdAt, changedAt, ...rest }: z.output<typeof entry>,
  path: string,
  connections: Connections,
): Schedule {
  const { allowHttp, antflyApiKey, antflyApiKeyFile, ...given } = rest;
  const config: Values = { allowHttp, antflyApiKey };
  const keyFile = antflyApiKeyFile
    ? {
        [environmentVariable("antflyApiKey")]: undefined,
        [fileVariable("antflyApiKey")]: antflyApiKeyFile,
      }
    : {};
  const servers = connections.to((key) => config[key], keyFile);
  const inputs = readInputs(given, `${path}: ${name}`);
  const times = { createdAt: timeOf(createdAt), changedAt: timeOf(changedAt) };
  return { ...inputs, ...times, name, stack, servers };
}
