import { CrunchyBridgeSimulator, type SimCluster } from "../../../simulators/crunchybridge.ts";
import { primaryId } from "../world.ts";
import { aliasesOf, nameIn, type System, stem } from "./system.ts";

/** The network that replicas are in by default, one beside it, and one in another region. */
export const networks = {
  home: "hhhhhhhhhhhhhhhhhhhhhhhhha",
  near: "nnnnnnnnnnnnnnnnnnnnnnnnna",
  far: "fffffffffffffffffffffffffa",
};

/** A second cluster to replicate. */
export const otherPrimaryId = "pppppppppppppppppppppppppa";

/** Crunchy Bridge with two primaries, so fast that a creation takes some tens of milliseconds. */
export function crunchyBridgeSystem(): System<CrunchyBridgeSimulator> {
  const bridge = new CrunchyBridgeSimulator({ speed: 5000 });
  bridge.networks.set(networks.home, place(networks.home, "us-east-1"));
  bridge.networks.set(networks.near, place(networks.near, "us-east-1"));
  bridge.networks.set(networks.far, place(networks.far, "us-west-2"));
  bridge.addCluster({ id: primaryId, name: "primary", network_id: networks.home });
  bridge.addCluster({ id: otherPrimaryId, name: "payments", network_id: networks.home });
  // A destroyed cluster has no name any more.
  const known = new Map<string, string>();
  const named = () => {
    for (const { id, name } of bridge.clusters.values()) known.set(id, name);
    return known;
  };
  return {
    simulator: bridge,
    config() {
      return { crunchyBridgeUrl: bridge.url, crunchyBridgeApiKey: { secret: bridge.token } };
    },
    aliases() {
      const aliases = aliasesOf(named());
      for (const [name, id] of Object.entries(networks)) aliases.set(id, name);
      for (const { id, provider_id, region_id } of bridge.networks.values()) {
        if (!aliases.has(id)) aliases.set(id, `${provider_id}/${region_id}`);
      }
      for (const name of known.values()) {
        // Made from the ID of its parent, which is never the same.
        if (stem(name) === "child") aliases.set(name, "child-(hash)");
      }
      return aliases;
    },
    subject({ method, path, body }) {
      const [, id = ""] = /^\/clusters\/(\w+)/.exec(path) ?? [];
      const isCreation = method === "POST" && path.endsWith("/replicas");
      return stem((isCreation ? nameIn(body) : named().get(id)) ?? "other");
    },
    contents: () =>
      Object.fromEntries(
        [...bridge.clusters].map(([id, { updated_at: _, ...cluster }]) => [id, cluster] as const),
      ),
    secrets: () => ({ key: bridge.token }),
  };
}

/** The replica of a logical name; of a replacement's two the new one. */
export function replicaOf(bridge: CrunchyBridgeSimulator, logicalName: string): SimCluster {
  const found = [...bridge.clusters.values()].findLast(({ name }) => stem(name) === logicalName);
  if (!found) throw new Error(`there is no replica ${logicalName}`);
  return found;
}

function place(id: string, region_id: string) {
  return { id, provider_id: "aws", region_id };
}
