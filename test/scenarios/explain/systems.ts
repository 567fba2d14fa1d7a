import { createHash } from "node:crypto";
import { AkkerisSimulator } from "../../../simulators/akkeris.ts";
import { AntflySimulator } from "../../../simulators/antfly.ts";
import { CitusSimulator } from "../../../simulators/citus.ts";
import { CrunchyBridgeSimulator, toEid } from "../../../simulators/crunchybridge.ts";
import { ended } from "../../simulators/kit/testing.ts";
import { networks, otherPrimaryId } from "../lifecycle/crunchybridge.ts";
import type { Program } from "../lifecycle/program.ts";
import { primaryId } from "../world.ts";
import { appId, secureSpace } from "./app-formation-rows.ts";
import type { Systems } from "./row.ts";

/** When everything happens at Crunchy Bridge, whose clock stands: a preview tells its times. */
const midnight = Date.UTC(2030, 0, 1);

/** The four systems, with what the programs' resources need, and the same IDs and times in every run. */
export async function startSystems(...programs: readonly Program[]): Promise<Systems> {
  const citus = new CitusSimulator({
    speed: 5000,
    requestsPerMinute: Number.POSITIVE_INFINITY,
  });
  const bridge = bridgeAt(midnight);
  const akkeris = new AkkerisSimulator();
  for (const program of programs) addApps(akkeris, program);
  const antfly = new AntflySimulator({ release: "main" });
  antfly.addLocation("file:///backups");
  const systems = { citus, bridge, akkeris, antfly };
  for (const system of Object.values(systems)) await system.start();
  return systems;
}

/** Ends all of them, and fails where a fault that was ordered never struck. */
export async function endSystems(systems: Systems): Promise<void> {
  await Promise.all(Object.values(systems).map(ended));
}

/** A Crunchy Bridge with two primaries, in which nothing takes any time. */
function bridgeAt(time: number): CrunchyBridgeSimulator {
  const bridge = new CrunchyBridgeSimulator({
    ...{ speed: 0, provisioningSeconds: 0, operationSeconds: 0 },
  });
  bridge.detachSeconds = 0;
  bridge.destroyingSeconds = 0;
  bridge.clock.advance(time - bridge.clock.now());
  const network_id = bridge.addNetwork({ id: networks.home }).id;
  bridge.addCluster({ id: primaryId, name: "orders-primary", network_id });
  bridge.addCluster({ id: otherPrimaryId, name: "payments-primary", network_id });
  bridge.idOf = (name) => {
    const digest = createHash("sha256").update(name).digest("hex").slice(0, 32);
    const eid = toEid(digest.replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-"));
    if (!eid) throw new Error(`${digest} is not a UUID`);
    return eid;
  };
  return bridge;
}

/** The apps of a program's formations; one has a web, or Akkeris would make one beside other types. */
function addApps(akkeris: AkkerisSimulator, program: Program): void {
  for (const { type, properties } of Object.values(program)) {
    const app = String(properties.app);
    if (type !== "AppFormation" || app === appId || akkeris.apps.has(app)) continue;
    const tags = app.endsWith(`-${secureSpace}`) ? "compliance=prod" : "";
    akkeris.addApp(app, { id: app.startsWith("renamedApp-") ? appId : undefined, tags });
    if (properties.type !== "web") akkeris.addFormation(app);
  }
}
