import { once } from "node:events";
import { existsSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { expect, onTestFinished } from "vitest";
import { z } from "zod";
import { repository } from "../../build/repository.ts";
import { type Plugin, startPlugin } from "../plugin/plugin.ts";
import { configured } from "../plugin/wire.ts";
import { subjects, systems } from "../subjects.ts";
import { Account } from "../support/account.ts";
import { ownTemporaryFolder } from "../support/temporary-folder.ts";
import { live, operationsOfALife, sendsOf } from "./life.ts";

/** Operations after which the process has all that it keeps. */
const warmUp = 5_000;

/** Lives of each kind that go on at the same time: updates of an app wait for one another. */
const atOnce = 24;

/** For tests: there is no signal to ask the plugin by on Windows. */
export const canSoak = process.platform !== "win32";

/** How long a soak may take, in milliseconds. */
export function soakTimeout(operations: number): number {
  return 60_000 + operations * 30;
}

/**
 * Lives the lives of all resources in one plugin process, and fails where it holds more afterwards
 * than after the warm-up, or does not end.
 *
 * @param operations how many, the warm-up's 5000 included; at least twice those
 */
export async function soak(operations: number): Promise<void> {
  const { account, plugin, held } = await startWorld();
  const unused = await held();
  const soak = new Soak(plugin);
  await soak.until(warmUp);
  const before = await held();

  await soak.until(operations);

  for (const system of systems) {
    const sends = sendsOf(system, soak.lives);
    const sent = Object.keys(sends).map((method) => [method, account.in(system).count(method)]);
    expect(Object.fromEntries(sent), system.title).toEqual(sends);
  }
  expect(soak.operations).toBeGreaterThanOrEqual(operations);
  const open = () => account.simulators.map(({ connectionsOpen }) => connectionsOpen);
  await expect.poll(open, { timeout: 30_000, interval: 100 }).toEqual(systems.map(() => 0));
  const after = await held();
  console.log(`${soak.operations} operations: ${report(before, after)}`);
  expect(after.rss / before.rss).toBeLessThan(1.2);
  // No page that an allocator keeps back blurs it.
  expect(after.heapUsed / before.heapUsed).toBeLessThan(1.1);
  expect(after.resources).toEqual(unused.resources);

  const ended = once(plugin.process, "exit", { signal: AbortSignal.timeout(30_000) });
  plugin.process.stdin?.end();
  expect(await ended).toEqual([0, null]);
}

/** A plugin that uses servers whose slow changes are over at the first look. */
async function startWorld() {
  const account = new Account(systems, 1_000_000);
  onTestFinished(() => account.close());
  // No server closes an idle connection: the plugin has to.
  for (const simulator of account.simulators) simulator.keepAliveTimeout = 0;
  await account.start();
  const file = join(ownTemporaryFolder(), "held.json");
  const preload = join(repository, "test", "soak", "held.cjs");
  const plugin = await startPlugin(
    {
      SOAK_HELD: file,
      NODE_OPTIONS: `--require "${preload}"`,
      // glibc gives each of V8's threads an arena and keeps there what was freed: without this, 20 MB
      // of RSS hold nothing.
      MALLOC_ARENA_MAX: "1",
    },
    "pipe",
  );
  await plugin.configure(configured(account.endure()));
  return { account, plugin, held: () => heldBy(plugin, file) };
}

/** What a process holds without its garbage: bytes, and what keeps it from ending. */
const heldSchema = z.object({
  rss: z.number(),
  heapUsed: z.number(),
  resources: z.array(z.string()),
});

type Held = z.output<typeof heldSchema>;

async function heldBy({ process }: Plugin, file: string): Promise<Held> {
  rmSync(file, { force: true });
  process.kill("SIGUSR2");
  await expect.poll(() => existsSync(file), { timeout: 30_000 }).toBe(true);
  return heldSchema.parse(JSON.parse(readFileSync(file, "utf8")));
}

/** Lives of resources, one after another and {@link atOnce} side by side. */
class Soak {
  lives = 0;
  operations = 0;
  readonly #plugin: Plugin;

  constructor(plugin: Plugin) {
    this.#plugin = plugin;
  }

  /** Goes on until so many operations are done in all, and the lives at their end. */
  async until(operations: number): Promise<void> {
    const worker = async () => {
      while (this.lives * operationsOfALife < operations) await this.#liveOne();
    };
    await Promise.all(Array.from({ length: atOnce }, worker));
  }

  async #liveOne(): Promise<void> {
    const number = this.lives++;
    const onOperation = () => {
      this.operations += 1;
    };
    const lives = subjects.map((subject) => live(this.#plugin, subject, number, onOperation));
    await Promise.all(lives);
  }
}

/** For people: `RSS from 115 to 130 MB (× 1.13), heap from 18.7 to 19.1 MB (× 1.02)`. */
function report(before: Held, after: Held): string {
  const change = (name: string, from: number, to: number) =>
    `${name} from ${(from / 1e6).toFixed(1)} to ${(to / 1e6).toFixed(1)} MB (× ${(to / from).toFixed(2)})`;
  return [
    change("RSS", before.rss, after.rss),
    change("heap", before.heapUsed, after.heapUsed),
  ].join(", ");
}
