import pb from "@pulumi/pulumi/proto/provider_pb.js";
import type { Plugin } from "../plugin/plugin.ts";
import { Resource } from "../plugin/resource.ts";
import { bag } from "../plugin/wire.ts";
import { subjects } from "../subjects.ts";
import type { Subject } from "../support/subject.ts";

/** Of the lives of one number together. */
export const operationsOfALife = subjects.length * 6;

/**
 * Carries out the six operations of a life: create, read, invoke, diff, update, delete. Check, which
 * precedes three of them, is not counted.
 *
 * @param number keeps the life apart from all others
 * @param onOperation called after each
 */
export async function live(
  plugin: Plugin,
  { name, life }: Subject,
  number: number,
  onOperation: () => void,
): Promise<void> {
  const { inputs, changed, reads } = life(number);
  const [token, args] = reads;
  const resource = new Resource(plugin, name);
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

/** How many requests that change something `lives` lives of every resource send to a system, by method. */
export function sendsOf(system: Subject["system"], lives: number): Record<string, number> {
  const sends: Record<string, number> = {};
  for (const { lifeSends } of subjects.filter((subject) => subject.system === system)) {
    for (const [method, count] of Object.entries(lifeSends)) {
      sends[method] = (sends[method] ?? 0) + count * lives;
    }
  }
  return sends;
}
