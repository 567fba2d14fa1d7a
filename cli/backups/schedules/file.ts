import { readFile } from "node:fs/promises";
import { z } from "zod";
import { type Clock, systemClock } from "../../../provider/process/clock";
import { environmentVariable, fileVariable } from "../../../provider/resource/config";
import type { Values } from "../../../provider/resource/values";
import { connect, readInputs, type Schedule, type ScheduleSource, WrongSchedule } from "./schedule";

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
      return schedules.map((one) => toSchedule(one, path, environment, clock));
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
    // The parser's other words may quote a key that the file has.
    const [place = ""] = / at position .*$/.exec(String(error)) ?? [];
    throw new WrongSchedule(`${path} is no JSON${place}.`);
  }
  const parsed = file.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new WrongSchedule(
    `${path} is no file of \`formations backups export\`:\n${z.prettifyError(parsed.error)}`,
  );
}

function toSchedule(
  { name, stack, allowHttp, antflyApiKey, antflyApiKeyFile, ...given }: z.output<typeof entry>,
  path: string,
  environment: NodeJS.ProcessEnv,
  clock: Clock,
): Schedule {
  const config: Values = { allowHttp, antflyApiKey };
  const keyFile = antflyApiKeyFile && {
    [environmentVariable("antflyApiKey")]: undefined,
    [fileVariable("antflyApiKey")]: antflyApiKeyFile,
  };
  const servers = connect((key) => config[key], { ...environment, ...keyFile }, clock);
  return { ...readInputs(given, `${path}: ${name}`), name, stack, servers };
}
