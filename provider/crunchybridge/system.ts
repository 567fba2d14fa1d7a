import { z } from "zod";
import { createHttpClient } from "../http/client";
import type { FailureFacts } from "../http/errors";
import { commonConfig, elsewhere, missing, rejected } from "../resource/config";
import { defineSystem } from "../resource/definition";
import { CrunchyBridgeApi } from "./api";
import { destroyCluster, startUpgrade } from "./endpoints";

const title = "Crunchy Bridge";

const config = z.object({
  crunchyBridgeApiKey: z.string().optional().meta({
    description: "API key of Crunchy Bridge (`cbkey_…`, made at Settings > API Keys).",
    secret: true,
  }),
  crunchyBridgeUrl: z.string().default("https://api.crunchybridge.com").meta({
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
      headers: () => ({ authorization: `Bearer ${crunchyBridgeApiKey}` }),
      secrets: [crunchyBridgeApiKey],
      hints,
      clock,
    });
    return new CrunchyBridgeApi(client);
  },
});

/** What to do about a failure, where the server's words don't say it. */
export function hints({ code, operation, isWrongAddress }: FailureFacts): string | undefined {
  if (code === "UNAUTHORIZED") return rejected("crunchyBridgeApiKey");
  if (code === "FORBIDDEN") {
    return "The cluster may not exist, or the key's owner is no member of its team.";
  }
  const isRefused = code === "REFUSED" || code === "CONFLICT";
  if (operation === destroyCluster.operation && isRefused) {
    return "If it is protected, set isProtected to false in a `pulumi up` of its own first.";
  }
  if (operation === startUpgrade.operation && code === "CONFLICT") {
    return "Where an operation was scheduled for later, wait for it or cancel it.";
  }
  return isWrongAddress ? elsewhere("crunchyBridgeUrl") : undefined;
}
