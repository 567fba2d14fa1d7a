import { AkkerisSimulator } from "../../simulators/akkeris.ts";
import { AntflySimulator } from "../../simulators/antfly.ts";
import { type CitusOptions, CitusSimulator } from "../../simulators/citus.ts";
import { CrunchyBridgeSimulator } from "../../simulators/crunchybridge.ts";
import { running } from "../simulators/kit/testing.ts";
import { formationInputs } from "../support/formation-inputs.ts";
import { startPlugin } from "./plugin.ts";
import { Resource } from "./resource.ts";
import { secret } from "./wire.ts";

/** A formation's inputs. */
export const formation = formationInputs;

/** A plugin configured for a simulated Citus Cloud, so fast that a creation takes milliseconds. */
export async function citusWorld(options: CitusOptions = {}) {
  const simulator = await running(
    new CitusSimulator({ speed: 5000, requestsPerMinute: Number.POSITIVE_INFINITY, ...options }),
  );
  return { simulator, inputs: formation, again, ...(await again()) };

  /** Another process of the plugin, as the next run of the engine has it. */
  async function again() {
    const plugin = await startPlugin();
    await plugin.configure({
      citusUrl: simulator.url,
      citusToken: secret(simulator.token),
      citusRequestsPerMinute: "6000",
    });
    return { plugin, resource: new Resource(plugin, "Formation") };
  }
}

/** A plugin configured for a simulated Crunchy Bridge with a primary. */
export async function bridgeWorld() {
  const simulator = await running(new CrunchyBridgeSimulator({ speed: 5000 }));
  const primary = simulator.addCluster({ name: "orders" });
  const plugin = await startPlugin();
  await plugin.configure({
    crunchyBridgeUrl: simulator.url,
    crunchyBridgeApiKey: secret(simulator.token),
  });
  const inputs = { clusterId: primary.id };
  return { simulator, plugin, resource: new Resource(plugin, "Replica"), inputs };
}

/** A plugin configured for a simulated Akkeris with the app foo-default. */
export async function akkerisWorld() {
  const simulator = await running(new AkkerisSimulator());
  simulator.addApp("foo-default");
  const plugin = await startPlugin();
  await plugin.configure({ akkerisUrl: simulator.url, akkerisToken: secret(simulator.token) });
  const inputs = { app: "foo-default", type: "web", size: "gp1", quantity: 1 };
  return { simulator, plugin, resource: new Resource(plugin, "AppFormation"), inputs };
}

/** A plugin configured for a simulated Antfly with a location for backups. */
export async function antflyWorld() {
  const simulator = await running(new AntflySimulator());
  simulator.addLocation("file:///backups");
  const plugin = await startPlugin();
  await plugin.configure({ antflyUrl: simulator.url, antflyApiKey: secret(simulator.token) });
  const inputs = { schedule: "0 3 * * *", location: "file:///backups", connection: "bk" };
  const resource = new Resource(plugin, "AntflyBackupSchedule");
  return { simulator, plugin, resource, inputs };
}

/** A plugin configured for a simulated Antfly that stores secrets. */
export async function antflySecretWorld() {
  const { simulator, plugin } = await antflyWorld();
  const inputs = { key: "openai.api_key", value: "hunter2" };
  return { simulator, plugin, resource: new Resource(plugin, "AntflySecret"), inputs };
}
