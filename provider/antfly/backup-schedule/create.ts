import type { Context } from "../../resource/definition";
import { show } from "../../resource/values";
import type { AntflyServers } from "../system";
import type { Inputs } from "./schema";

/**
 * Checks that server, location and connection work, since the runner will need them, and warns of what
 * the server ignores. Changes nothing on the server.
 *
 * @throws LocationUnusable when the server does not list the location
 */
export async function checkPlace(wanted: Inputs, context: Context<AntflyServers>): Promise<void> {
  const { location, connection, format, url } = wanted;
  const api = context.api.at(url);
  await api.tryLocation({ location, connection }, context);
  if ((await api.dialect(context)) !== "v0.1") return;
  for (const [name, value] of Object.entries({ connection, format })) {
    if (value === undefined) continue;
    context.warn(`${name} ${show(value)} has no effect: v0.1 servers ignore ${name}.`);
  }
}
