import { logicalName } from "../../../provider/resource/urn";
import { Pulumi, type StackOptions } from "../../stack/pulumi";
import { Sessions } from "../../stack/sessions";
import type { ScheduleFile } from "./file";
import { readInputs } from "./schedule";
import { propertiesOf, schedulesOf, stackOf, timesOf } from "./stack";

/**
 * The schedules of stacks, for runners without Pulumi or access to the state. Each has its server's
 * URL.
 *
 * @param withSecrets whether each also has the API key, in plain text
 */
export async function exportSchedules(
  stacks: readonly StackOptions[],
  withSecrets: boolean,
): Promise<ScheduleFile> {
  const schedules = await Promise.all(stacks.map((stack) => entriesOf(stack, withSecrets)));
  return { version: 1, schedules: schedules.flat() };
}

async function entriesOf(options: StackOptions, withSecrets: boolean) {
  const sessions = new Sessions(new Pulumi(options));
  const found = await schedulesOf(sessions, options);
  return Promise.all(
    found.map(async (resource) => {
      const name = logicalName(resource.urn);
      const { url, ...inputs } = readInputs(propertiesOf(resource), name);
      const config = await sessions.configOf(resource);
      const { antflyUrl, allowHttp, antflyApiKey } = config;
      return {
        name,
        stack: options.stack ?? stackOf(resource),
        ...inputs,
        ...timesOf(resource),
        url: url ?? text(antflyUrl),
        allowHttp: allowHttp === true || allowHttp === "true" ? true : undefined,
        antflyApiKey: withSecrets ? text(antflyApiKey) : undefined,
      };
    }),
  );
}

function text(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}
