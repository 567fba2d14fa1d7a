import pb from "@pulumi/pulumi/proto/provider_pb.js";
import type { Values } from "../../provider/resource/values.ts";
import type { Plugin } from "../plugin/plugin.ts";
import { Resource } from "../plugin/resource.ts";
import { formation } from "../plugin/systems.ts";
import { bag, secret } from "../plugin/wire.ts";

/** What a resource begins as, what it becomes, and a function that reads it. */
interface Life {
  type: string;
  inputs: Values;
  changed: Values;
  reads: [token: string, args: (id: string) => Values];
}

/** A life of each kind; the number keeps it apart from all others. */
export function lives(number: number): Life[] {
  const cluster = { clusterId: "rvf73a77ozfsvcttryebfrnlem", name: `soak ${number}` };
  const app = "shop-dev";
  const type = `soak${number}`;
  const backups = { location: "s3://example-backups/soak", connection: "backups" };
  const schedule = { ...backups, backupIdPrefix: `soak${number}` };
  return [
    {
      type: "Formation",
      inputs: { ...formation, name: `soak-${number}` },
      // Nothing else of a formation can change without a replacement.
      changed: { ...formation, name: `soak-${number}`, allowDuplicateName: true },
      reads: ["getFormation", (id) => ({ id })],
    },
    {
      type: "Replica",
      inputs: cluster,
      changed: { ...cluster, environment: "production" },
      reads: ["getReplica", (id) => ({ id })],
    },
    {
      type: "AppFormation",
      inputs: { app, type, size: "gp1", command: "run", quantity: 1 },
      changed: { app, type, size: "gp1", command: "run", quantity: 2 },
      reads: ["getAppFormation", () => ({ app, type })],
    },
    {
      type: "AntflyBackupSchedule",
      inputs: { ...schedule, schedule: "0 3 * * *" },
      changed: { ...schedule, schedule: "0 4 * * *" },
      reads: ["getAntflyBackups", () => backups],
    },
    {
      type: "AntflySecret",
      inputs: { key: `soak.${number}`, value: secret("first") },
      changed: { key: `soak.${number}`, value: secret("second") },
      reads: ["getAntflySecrets", () => ({})],
    },
  ];
}

/** Of the {@link lives} of one number together. */
export const operationsOfALife = 5 * 6;

/**
 * Carries out the six operations of a life: create, read, invoke, diff, update, delete. Check, which
 * goes before three of them, is not counted.
 *
 * @param onOperation called after each
 */
export async function live(
  plugin: Plugin,
  { type, inputs, changed, reads: [token, args] }: Life,
  onOperation: () => void,
): Promise<void> {
  const resource = new Resource(plugin, type);
  const created = await resource.create(inputs);
  onOperation();
  const held = await resource.read(created);
  onOperation();
  const request = new pb.InvokeRequest().setTok(`formations:index:${token}`);
  await plugin.call("invoke", request.setArgs(bag(args(held.id))));
  onOperation();
  await resource.diff(held, (await resource.check(changed, held.inputs)).inputs);
  onOperation();
  const updated = await resource.update(held, changed);
  onOperation();
  await resource.delete(updated);
  onOperation();
}
