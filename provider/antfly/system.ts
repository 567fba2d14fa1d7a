import { z } from "zod";
import { createHttpClient } from "../http/client";
import type { Clock } from "../process/clock";
import { commonConfig, missing } from "../resource/config";
import { defineSystem } from "../resource/definition";
import { AntflyApi } from "./api";
import { splitUrl } from "./dialect";
import { healthHint, hint } from "./hints";
import { type ApiKey, readApiKey } from "./key";

const title = "Antfly";

/** Where a server has its health port, unless it was told another. */
const healthPort = "4200";

const config = z.object({
  antflyApiKey: z.string().optional().meta({
    description:
      "API key: the `encoded` value that the server gave with it, or `id:secret`. Not needed where the server's authentication is off.",
    secret: true,
  }),
  antflyUrl: z.string().optional().meta({
    description:
      "The server's root, for instance `https://antfly.example.com:8080`. Which version of the API answers is found out with one request, unless the URL ends in `/api/v1` or `/db/v1`. Resources and functions may name another server.",
  }),
  antflyHealthUrl: z.string().optional().meta({
    description: "The root of the port for health and metrics. Default: `antflyUrl`, port 4200.",
  }),
  ...commonConfig.shape,
});

type Config = z.output<typeof config>;

/**
 * The Antfly servers that a program names. One key is for all of them; one that wants another key
 * gets a provider of its own.
 */
export class AntflyServers {
  private readonly config: Config;
  private readonly clock: Clock;
  private readonly apis = new Map<string, AntflyApi>();

  constructor(config: Config, clock: Clock) {
    this.config = config;
    this.clock = clock;
  }

  /**
   * The API of a server, the same for each call with the same URL.
   *
   * @param url the server's root, or the base path of its API; default: `antflyUrl`
   * @throws ConfigurationError when there is no URL, or when the key is malformed
   */
  at(url?: string): AntflyApi {
    const server = url ?? this.config.antflyUrl;
    if (!server) throw missing(title, "antflyUrl", "the server's URL");
    const api = this.apis.get(server) ?? this.open(server);
    this.apis.set(server, api);
    return api;
  }

  /** The root of the server that {@link at} answers the API of; empty where there is none. */
  rootOf(url?: string): string {
    return splitUrl(url ?? this.config.antflyUrl ?? "").root;
  }

  private open(server: string): AntflyApi {
    const { antflyApiKey, antflyUrl, antflyHealthUrl, allowHttp } = this.config;
    const key = antflyApiKey ? readApiKey(antflyApiKey) : undefined;
    const { root, dialect } = splitUrl(server);
    const client = createHttpClient({
      system: title,
      baseUrl: root,
      allowHttp,
      headers: () => authorization(key),
      secrets: key ? [key.encoded, key.secret] : [],
      hints: (facts) => hint(facts, key !== undefined),
      clock: this.clock,
    });
    const health = createHttpClient({
      system: title,
      baseUrl: (server === antflyUrl && antflyHealthUrl) || healthUrl(root),
      allowHttp,
      headers: () => ({}),
      secrets: [],
      hints: healthHint,
      clock: this.clock,
    });
    return new AntflyApi({ client, health, dialect });
  }
}

function authorization(key: ApiKey | undefined): Record<string, string> {
  return key ? { authorization: `Bearer ${key.encoded}` } : {};
}

/** The same host, on the health port. What is no URL is left to the client to refuse. */
function healthUrl(root: string): string {
  const url = URL.parse(root);
  if (!url) return root;
  url.port = healthPort;
  return url.origin;
}

/** Antfly: a database whose servers are one's own. */
export const antfly = defineSystem({
  name: "antfly",
  title,
  config,
  connect: (config, clock): AntflyServers => new AntflyServers(config, clock),
});
