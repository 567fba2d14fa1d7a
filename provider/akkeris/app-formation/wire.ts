import type { Snapshot } from "../../resource/definition";
import { utc } from "../../resource/values";
import { defineWire } from "../../resource/wire";
import type { Formation, FormationChange, NewFormation } from "../endpoints";
import type { Inputs, Outputs, State } from "./schema";

interface Bodies {
  create: NewFormation;
  patch: FormationChange;
}

export const wire = defineWire<Inputs, Outputs, Formation, Bodies>({
  inputs: {
    // The server's own name for the app varies, so it is not read.
    app: { read: (_, { app }) => app, sent: {} },
    type: { read: (seen) => seen.type, sent: { create: (type) => ({ type }) } },
    size: {
      read: (seen, { size }) => (size && isSameSize(size, seen.size ?? "") ? size : seen.size),
      sent: { create: (size) => ({ size }), patch: (size) => ({ size }) },
    },
    quantity: {
      read: (seen) => seen.quantity,
      sent: { create: (quantity) => ({ quantity }), patch: (quantity) => ({ quantity }) },
      same: isStoredQuantity,
      // A creation runs one instance, whatever it stores.
      leftUndone: (asked) => asked !== 1,
    },
    port: {
      read: (seen) => seen.port ?? null,
      sent: { create: (port) => ({ port }), patch: (port) => ({ port }) },
      // The server chooses one where none is asked for.
      same: (asked, shown) => asked === undefined || asked === shown,
      // A creation stores the port without config var PORT.
      leftUndone: () => true,
    },
    command: {
      read: (seen) => seen.command ?? null,
      sent: {
        create: (command) => ({ command }),
        patch: (command) => (command ? { command } : { "remove-command": true }),
      },
    },
    healthcheck: {
      read: (seen) => seen.healthcheck ?? null,
      sent: {
        create: (healthcheck) => ({ healthcheck }),
        patch: (healthcheck) => (healthcheck ? { healthcheck } : { removeHealthcheck: true }),
      },
    },
    oneoff: { read: (_, { oneoff }) => oneoff, sent: { create: (oneoff) => ({ oneoff }) } },
    options: { read: (_, { options }) => options, sent: { create: (options) => ({ options }) } },
  },
  outputs: {
    formationId: (seen) => seen.id,
    serverSize: (seen) => seen.size,
    createdAt: (seen) => seen.created_at && utc(seen.created_at),
  },
});

/**
 * A formation as inputs and outputs.
 *
 * @param known its app, what the server never returns, and the program's spelling of the size
 */
export function toModel(
  seen: Formation,
  known: Partial<State> & Pick<State, "app">,
): Snapshot<State> {
  return { id: `${known.app}/${seen.type}`, state: wire.state(seen, known) };
}

/**
 * The change to send. The server refuses a change of a type other than `web` that neither repeats the
 * command nor says that the formation is a one-off without one.
 */
export function toChange(
  changes: Partial<Inputs>,
  { type, command, oneoff }: Inputs,
): FormationChange {
  if (type === "web") return { type, ...wire.change("patch", changes) };
  const { command: _, ...others } = changes;
  const change = { type, ...wire.change("patch", others) };
  if (command) return { ...change, command };
  return oneoff ? { ...change, oneoff } : change;
}

/** What the server appends to sizes in a space tagged `compliance=prod`. */
export const productionSuffix = "-prod";

/**
 * Whether a size that was asked for is the one that the server has: see {@link productionSuffix}. In such a
 * space the server refuses a size that ends so already.
 */
export function isSameSize(asked: string, onServer: string): boolean {
  return asked === onServer || `${asked}${productionSuffix}` === onServer;
}

/** Whether a quantity is what a creation stores, which is 1 for 0. */
export function isStoredQuantity(asked: number, shown: number | undefined): boolean {
  return shown === (asked || 1);
}
