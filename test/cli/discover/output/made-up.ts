import type { Found } from "../../../../cli/discover/model.ts";
import { resources } from "../../../../provider/index.ts";
import { createSession } from "../../../../provider/resource/session.ts";
import type { Values } from "../../../../provider/resource/values.ts";

/** A resource as if it had been found, with only this state. */
export function found(
  kind: string,
  id: string,
  name: string,
  state: Values = {},
  more: Partial<Found> = {},
): Found {
  const definition = resources.find((one) => one.name === kind);
  if (!definition) throw new Error(`there is no ${kind}`);
  const { system } = definition;
  const session = createSession(() => undefined, {});
  return {
    ...{ definition, id, name, state, marks: {}, isLeaving: false, managers: [] },
    account: { system, session, title: system.title, config: {}, server: "" },
    ...more,
  };
}

const tune = {
  ...{ coordinatorTune: "r5.large", coordinatorDiskSize: 512, coordinatorHa: false },
  ...{ workerTune: "r5.large", workerCount: 2, workerDiskSize: 512, workerHa: false },
};

/** A formation as a read returns it. */
export function formation(id: string, name: string, state: Values = {}, more?: Partial<Found>) {
  const seen = {
    name,
    region: "us-east-1",
    ...tune,
    state: "steady",
    databaseUrl: "postgres://pw",
  };
  const whole = { ...seen, createdAt: "2026-01-01T00:00:00Z", isMx: false, isZfs: false, ...state };
  return found("Formation", id, name, whole, more);
}

/** An app formation as a read returns it. */
export function appFormation(app: string, type: string, state: Values = {}, more?: Partial<Found>) {
  const seen = { app, type, size: "gp1", quantity: 1, command: `run ${type}`, serverSize: "gp1" };
  const id = `${app}/${type}`;
  return found("AppFormation", id, id, { ...seen, formationId: "f-1", ...state }, more);
}

/** A secret as a read returns it. */
export function secret(key: string, state: Values = {}, more?: Partial<Found>) {
  return found("AntflySecret", key, key, { key, status: "configured_file", ...state }, more);
}
