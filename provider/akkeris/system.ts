import { z } from "zod";
import { createHttpClient } from "../http/client";
import { type Clock, systemClock } from "../process/clock";
import { commonConfig } from "../resource/config";
import { missing } from "../resource/config-advice";
import { defineSystem } from "../resource/definition";
import type { Pace } from "../resource/session";
import { AkkerisApi } from "./api";
import { hints, standardUrl } from "./hints";
import { prices } from "./prices";

const title = "Akkeris";

const config = z.object({
  akkerisToken: z.string().optional().meta({
    description:
      "Akkeris token: a personal token, or a controller's own key. It may include its scheme (`Bearer …`).",
    secret: true,
  }),
  akkerisUrl: z.string().default(standardUrl).meta({
    address: true,
    description: "Base URL of the Akkeris controller's API.",
  }),
  akkerisAuthScheme: z.string().default("Bearer").meta({
    description:
      "Authentication scheme sent with the token, unless the token includes one. Empty: the token is sent without a scheme, as a controller's own key may require.",
    emptyHasMeaning: true,
  }),
  ...commonConfig.shape,
});

/**
 * Makes the API's client.
 *
 * @throws ConfigurationError when there is no token
 */
export function connect(
  { akkerisToken, akkerisUrl, akkerisAuthScheme, allowHttp }: z.output<typeof config>,
  clock: Clock = systemClock,
  pace?: Pace,
): AkkerisApi {
  const token = akkerisToken?.trim();
  if (!token) throw missing(title, "akkerisToken", "the token", true);
  const [credential = token] = token.split(/\s+/).slice(-1);
  const client = createHttpClient({
    system: title,
    baseUrl: akkerisUrl,
    allowHttp,
    headers: { authorization: authorization(token, akkerisAuthScheme.trim()) },
    secrets: [token, credential],
    hints,
    clock,
  });
  return new AkkerisApi(client, clock, pace);
}

/** Akkeris: apps on Kubernetes, each with one formation per type of process. */
export const akkeris = defineSystem({
  name: "akkeris",
  title,
  config,
  connect,
  prices,
  async probe({ api, ...context }) {
    await api.apps(context);
  },
});

function authorization(token: string, scheme: string): string {
  return /\s/.test(token) ? token : `${scheme} ${token}`.trim();
}
