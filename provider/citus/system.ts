import { z } from "zod";
import { RateBudget } from "../http/budget/rate-budget";
import { createHttpClient } from "../http/client";
import type { FailureFacts } from "../http/errors";
import { commonConfig, elsewhere, missing, rejected } from "../resource/config";
import { defineSystem } from "../resource/definition";
import { integer } from "../resource/property";
import { CitusApi } from "./api";

const title = "Citus Cloud";

const config = z.object({
  citusToken: z.string().optional().meta({
    description: "API token of Citus Cloud (a JWT, made at Org > API Tokens). It lasts one year.",
    secret: true,
  }),
  citusUrl: z.string().default("https://console.citusdata.com/api/v1").meta({
    description: "Base URL of the Formation API.",
  }),
  citusRequestsPerMinute: integer({ min: 1 }).default(5).meta({
    description:
      "Requests a minute that the account may send. Waiting looks as often as it allows.",
  }),
  ...commonConfig.shape,
});

/** Citus Cloud. Five requests a minute hold for an account, so they are counted across processes. */
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
      headers: () => ({ authorization: `Token ${citusToken}` }),
      secrets: [citusToken],
      budget: new RateBudget({
        system: title,
        token: citusToken,
        requestsPerMinute: citusRequestsPerMinute,
        clock,
        warn: (text) => process.emitWarning(text),
      }),
      clock,
      hints,
    });
    return new CitusApi(client, citusRequestsPerMinute);
  },
});

/** What to do about a failure, where the server's words don't say it. */
export function hints({ code, isWrongAddress }: FailureFacts): string | undefined {
  if (code === "UNAUTHORIZED") return rejected("citusToken");
  return isWrongAddress ? elsewhere("citusUrl") : undefined;
}
