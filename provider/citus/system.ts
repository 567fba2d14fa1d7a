import { z } from "zod";
import { RateBudget } from "../http/budget/rate-budget";
import { createHttpClient } from "../http/client";
import { commonConfig } from "../resource/config";
import { missing } from "../resource/config-advice";
import { defineSystem, type RequestLimit } from "../resource/definition";
import { integer } from "../resource/property";
import { CitusApi } from "./api";
import { hints, standardUrl } from "./hints";

const title = "Citus Cloud";

const config = z.object({
  citusToken: z.string().optional().meta({
    description:
      "API token of Citus Cloud (a JWT, created at Org > API Tokens). It is valid for one year.",
    secret: true,
  }),
  citusUrl: z.string().default(standardUrl).meta({
    address: true,
    description: "Base URL of the Formation API.",
  }),
  citusRequestsPerMinute: integer({ min: 1 }).default(5).meta({
    description:
      "How many requests per minute the account may send. The provider polls at most at this rate.",
  }),
  ...commonConfig.shape,
});

/** Citus Cloud. Its five requests per minute are per account, so they are counted across processes. */
export const citus = defineSystem({
  name: "citus",
  title,
  config,
  connect({ citusToken, citusUrl, citusRequestsPerMinute, allowHttp }, clock) {
    if (!citusToken) throw missing(title, "citusToken", "the API token", true);
    const client = createHttpClient({
      system: title,
      baseUrl: citusUrl,
      allowHttp,
      headers: { authorization: `Token ${citusToken}` },
      secrets: [citusToken],
      budget: new RateBudget({
        ...limitOf(citusToken, citusRequestsPerMinute),
        clock,
        warn: (text) => process.emitWarning(text),
      }),
      clock,
      hints,
    });
    return new CitusApi(client, citusRequestsPerMinute);
  },
  async probe({ api, ...context }) {
    await api.list(context);
  },
  limit: ({ citusToken, citusRequestsPerMinute }) =>
    citusToken ? limitOf(citusToken, citusRequestsPerMinute) : undefined,
});

function limitOf(token: string, requestsPerMinute: number): RequestLimit {
  return { system: title, token, requestsPerMinute };
}
