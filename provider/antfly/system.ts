import { z } from "zod";
import { createHttpClient } from "../http/client";
import type { Clock } from "../process/clock";
import { addressProblem } from "../resource/addresses";
import { commonConfig, configNamespace } from "../resource/config";
import { missing } from "../resource/config-advice";
import { defineSystem } from "../resource/definition";
import { InvalidConfiguration } from "../resource/errors";
import { AntflyApi } from "./api";
import { splitUrl } from "./dialect";
import { healthHints, hints } from "./hints";
import { type ApiKey, readApiKey } from "./key";

const title = "Antfly";

/** The default health port of a server. */
const healthPort = "4200";

const config = z.object({
  antflyApiKey: z.string().optional().meta({
    description:
      "API key: the `encoded` value that the server returned with it, `id:secret`, or the token of a serverless deployment's administrator (32 characters or more). Not needed where the server's authentication is off.",
    secret: true,
  }),
  antflyUrl: z.string().optional().meta({
    address: true,
    description:
      "The server's root, for instance `https://antfly.example.com:8080`. One request detects the version of the API, unless the URL ends in `/api/v1` or `/db/v1`. Resources and functions can name another server.",
  }),
  antflyHealthUrl: z.string().optional().meta({
    address: true,
    description: "Root URL of the health and metrics port. Default: port 4200 of `antflyUrl`.",
  }),
  ...commonConfig.shape,
});

type Config = z.output<typeof config>;

/**
 * The Antfly servers that a program names. All get the same key; a server that needs another key needs
 * a provider of its own.
 */
export class AntflyServers {
  readonly #config: Config;
  readonly #clock: Clock;
  readonly #apis = new Map<string, AntflyApi>();

  constructor(config: Config, clock: Clock) {
    this.#config = config;
    this.#clock = clock;
  }

  /**
   * The API of a server, the same for each call with the same URL.
   *
   * @param url the server's root, or the base path of its API; default: `antflyUrl`
   * @throws ConfigurationError when there is no URL, or when the key is malformed
   */
  at(url?: string): AntflyApi {
    const server = url ?? this.#config.antflyUrl;
    if (!server) throw missing(title, "antflyUrl", "the server's URL");
    const api = this.#apis.get(server) ?? this.#open(server);
    this.#apis.set(server, api);
    return api;
  }

  /**
   * Makes sure that {@link at} gives an API that can be asked.
   *
   * @throws ConfigurationError when there is no URL, when it is not allowed, or when the key is malformed
   */
  demand(url?: string): void {
    this.at(url);
    const { allowHttp } = this.#config;
    const allowHttpKey = `${configNamespace}:allowHttp`;
    const problem = url && addressProblem({ name: "url", value: url, allowHttp, allowHttpKey });
    if (problem) throw new InvalidConfiguration(`${title}: ${problem}`);
  }

  /** The root of the server whose API {@link at} returns; empty where no URL is known. */
  rootOf(url?: string): string {
    return splitUrl(url ?? this.#config.antflyUrl ?? "").root;
  }

  #open(server: string): AntflyApi {
    const { antflyApiKey, antflyUrl, antflyHealthUrl, allowHttp } = this.#config;
    const key = antflyApiKey ? readApiKey(antflyApiKey) : undefined;
    const { root, dialect } = splitUrl(server);
    const client = createHttpClient({
      system: title,
      baseUrl: root,
      allowHttp,
      headers: authorization(key),
      secrets: key ? [key.sent, key.secret] : [],
      hints: (facts) => hints(facts, key),
      clock: this.#clock,
    });
    const health = createHttpClient({
      system: title,
      baseUrl: (server === antflyUrl && antflyHealthUrl) || healthUrl(root),
      allowHttp,
      headers: {},
      secrets: [],
      hints: healthHints,
      clock: this.#clock,
    });
    return new AntflyApi({ client, health, dialect });
  }
}

function authorization(key: ApiKey | undefined): Record<string, string> {
  return key ? { authorization: `Bearer ${key.sent}` } : {};
}

/** The same host, on the health port. The client rejects what is not a URL. */
function healthUrl(root: string): string {
  const url = URL.parse(root);
  if (!url) return root;
  url.port = healthPort;
  return url.origin;
}

/** Antfly: a database that its users host themselves. */
export const antfly = defineSystem({
  name: "antfly",
  title,
  config,
  connect: (config, clock): AntflyServers => new AntflyServers(config, clock),
  reach: (servers, { url }) => servers.demand(typeof url === "string" ? url : undefined),
  // Secrets and backups need the same permission; the status needs none.
  async probe({ api, ...context }) {
    await api.at().secrets(context);
  },
});
