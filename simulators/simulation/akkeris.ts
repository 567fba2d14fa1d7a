import { z } from "zod";
import type { AkkerisSimulator } from "../akkeris.ts";
import { defineKind, type Kind, refuseSecond } from "./kind.ts";
import { SimulationProblem } from "./problem.ts";

const appSchema = z.strictObject({
  id: z.uuid().optional(),
  name: z.string().regex(/^[a-z0-9]+(-[a-z0-9]+)?$/, "must be like shop-dev: an app and its space"),
  tags: z.string().optional(),
});

const appChanges = z.strictObject({ maintenance: z.boolean() });

const changes = z.strictObject({
  size: z.string().min(1).optional(),
  quantity: z.int().min(0).max(32).optional(),
  port: z.int().min(1024).max(65535).optional(),
  command: z.string().max(1024).optional(),
  healthcheck: z.string().optional(),
});

const schema = changes.extend({
  app: z.string().min(1),
  type: z.string().regex(/^[a-z0-9]+$/, "must be lower-case letters and digits"),
  oneoff: z.boolean().optional(),
});

/** The apps of Akkeris, and their formations. */
export function akkerisKinds(simulator: AkkerisSimulator): Kind[] {
  const known = (name: string): string => {
    if (simulator.apps.has(whole(name))) return whole(name);
    const names = [...simulator.apps.keys()].join(", ") || "none";
    throw new SimulationProblem(`app: there is no app ${name}. Apps: ${names}`);
  };
  const app = defineKind({
    ...{ name: "app", plural: "apps", schema: appSchema, changes: appChanges },
    list: () =>
      [...simulator.apps.values()].map(({ key, id, maintenance }) => {
        return { name: key, id, values: { maintenance } };
      }),
    add({ name, ...options }) {
      refuseSecond(simulator.apps.has(whole(name)), `app/${whole(name)}`);
      simulator.addApp(name, options);
    },
    set: ({ name }, { maintenance }) => simulator.maintenance(name, maintenance),
    remove: ({ name }) => simulator.removeApp(name),
  });
  const appFormation = defineKind({
    ...{ name: "app-formation", plural: "appFormations", schema, changes },
    list: () =>
      [...simulator.apps.values()].flatMap(({ key, rows }) =>
        rows.map(({ id, type, size, quantity, port, command, healthcheck }) => ({
          ...{ id, name: `${key}/${type}` },
          values: { size, quantity, port, command, healthcheck },
        })),
      ),
    add: ({ app: name, ...row }) => void simulator.addFormation(known(name), row),
    set({ name }, values) {
      const [key = "", type = ""] = name.split("/");
      simulator.apps.get(key)?.update(type, values, simulator.clock.timestamp());
      const running = simulator.running(key, type);
      if (running === undefined) return;
      const { size, quantity, healthcheck } = values;
      if (size !== undefined) running.size = size;
      if (quantity !== undefined) running.instances = quantity;
      if (healthcheck !== undefined) running.healthcheck = healthcheck;
    },
    remove({ name }) {
      const [key = "", type = ""] = name.split("/");
      simulator.remove(key, type);
    },
  });
  return [app, appFormation];
}

/** An app's name with its space, which `default` need not be. */
function whole(name: string): string {
  return name.includes("-") ? name : `${name}-default`;
}
