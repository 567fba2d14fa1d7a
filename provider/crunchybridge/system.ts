import { z } from "zod";
import { createHttpClient } from "../http/client";
import { commonConfig } from "../resource/config";
import { missing } from "../resource/config-advice";
import { defineSystem } from "../resource/definition";
import { CrunchyBridgeApi } from "./api";
import { hints } from "./hints";
import { prices } from "./prices";

const title = "Crunchy Bridge";

const config = z.object({
  crunchyBridgeApiKey: z.string().optional().meta({
    description: "API key of Crunchy Bridge (`cbkey_…`, created at Settings > API Keys).",
    secret: true,
  }),
  crunchyBridgeUrl: z.string().default("https://api.crunchybridge.com").meta({
    address: true,
    description: "Base URL of the Crunchy Bridge API.",
  }),
  ...commonConfig.shape,
});

/** Crunchy Bridge: Postgres clusters and their replicas. */
export const crunchyBridge = defineSystem({
  name: "crunchybridge",
  title,
  config,
  connect({ crunchyBridgeApiKey, crunchyBridgeUrl, allowHttp }, clock) {
    if (!crunchyBridgeApiKey) throw missing(title, "crunchyBridgeApiKey", "the API key", true);
    const client = createHttpClient({
      system: title,
      baseUrl: crunchyBridgeUrl,
      allowHttp,
      headers: { authorization: `Bearer ${crunchyBridgeApiKey}` },
      secrets: [crunchyBridgeApiKey],
      hints,
      clock,
    });
    return new CrunchyBridgeApi(client, clock);
  },
  prices,
  // The providers can be read by anyone.
  async probe({ api, ...context }) {
    await api.page({}, context);
  },
});
