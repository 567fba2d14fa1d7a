import { once } from "node:events";
import { existsSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { z } from "zod";
import { repository } from "../../build/repository.ts";
import { Platform } from "../../simulators/platform.ts";
import { type Plugin, startPlugin } from "../plugin/plugin.ts";
import { secret } from "../plugin/wire.ts";
import { countOf } from "../support/command.ts";
import { ownTemporaryFolder } from "../support/temporary-folder.ts";
import { live, lives, operationsOfALife } from "./life.ts";

const warmUp = 1_000;
const operations = countOf(
  process.env.SOAK_OPERATIONS ?? "10000",
  2 * warmUp,
  "SOAK_OPERATIONS says how many operations there are.",
);

/** Lives of each kind that go on at the same time: updates of an app wait 200 ms for one another. */
const atOnce = 24;

/** A plugin that uses servers whose slow changes are over at the first look. */
async function startWorld() {
  const platform = new Platform(1_000_000);
  onTestFinished(() => platform.close());
  // Else the last operations would read longer answers than the first.
  platform.citus.listsArchived = false;
  // No server closes an idle connection: the plugin has to.
  for (const system of platform.systems.values()) system.keepAliveTimeout = 0;
  const { citus, crunchyBridge, akkeris, antfly } = await platform.start();
  const file = join(ownTemporaryFolder(), "held.json");
  const preload = join(repository, "test", "soak", "held.cjs");
  const plugin = await startPlugin(
    {
      SOAK_HELD: file,
      NODE_OPTIONS: `--require "${preload}"`,
      // glibc gives each thread of V8's an arena and keeps there what was freed: without this, 20 MB
      // of RSS that hold nothing.
      MALLOC_ARENA_MAX: "1",
    },
    "pipe",
  );
  await plugin.configure({
    citusUrl: citus.url,
    citusToken: secret(citus.token),
    citusRequestsPerMinute: "600000",
    crunchyBridgeUrl: crunchyBridge.url,
    crunchyBridgeApiKey: secret(crunchyBridge.token),
    akkerisUrl: akkeris.url,
    akkerisToken: secret(akkeris.token),
    antflyUrl: antfly.url,
    antflyApiKey: secret(antfly.token),
  });
  return { platform, plugin, held: () => heldBy(plugin, file) };
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
  private readonly plugin: Plugin;

  constructor(plugin: Plugin) {
    this.plugin = plugin;
  }

  /** Goes on until so many operations are done in all, and the lives at their end. */
  async until(operations: number): Promise<void> {
    const worker = async () => {
      while (this.lives * operationsOfALife < operations) await this.liveOne();
    };
    await Promise.all(Array.from({ length: atOnce }, worker));
  }

  private async liveOne(): Promise<void> {
    const kinds = lives(this.lives++);
    const onOperation = () => {
      this.operations += 1;
    };
    await Promise.all(kinds.map((life) => live(this.plugin, life, onOperation)));
  }
}

// On Windows there is no signal to ask the plugin by.
test.skipIf(process.platform === "win32")(
  `no memory, socket or timer is left behind by ${operations} operations in one plugin`,
  { timeout: 60_000 + operations * 30 },
  async () => {
    const { platform, plugin, held } = await startWorld();
    const { citus, crunchyBridge, akkeris, antfly, systems } = platform;
    const unused = await held();
    const soak = new Soak(plugin);
    await soak.until(warmUp);
    const before = await held();

    await soak.until(operations);

    for (const system of [citus, crunchyBridge, akkeris]) {
      expect(system.count("POST")).toBe(soak.lives);
    }
    // A secret is stored with the method that changes it.
    expect(antfly.count("PUT")).toBe(2 * soak.lives);
    expect(soak.operations).toBeGreaterThanOrEqual(operations);
    const open = () => [...systems.values()].map(({ connectionsOpen }) => connectionsOpen);
    await expect.poll(open, { timeout: 30_000, interval: 100 }).toEqual([0, 0, 0, 0]);
    const after = await held();
    console.log(`${soak.operations} operations: ${report(before, after)}`);
    expect(after.rss / before.rss).toBeLessThan(1.2);
    // No page that an allocator keeps back blurs it.
    expect(after.heapUsed / before.heapUsed).toBeLessThan(1.1);
    expect(after.resources).toEqual(unused.resources);

    const ended = once(plugin.process, "exit", { signal: AbortSignal.timeout(10_000) });
    plugin.process.stdin?.end();
    expect(await ended).toEqual([0, null]);
  },
);

/** For people: `RSS from 115 to 130 MB (× 1.13), heap from 18.7 to 19.1 MB (× 1.02)`. */
function report(before: Held, after: Held): string {
  const change = (name: string, from: number, to: number) =>
    `${name} from ${(from / 1e6).toFixed(1)} to ${(to / 1e6).toFixed(1)} MB (× ${(to / from).toFixed(2)})`;
  return [
    change("RSS", before.rss, after.rss),
    change("heap", before.heapUsed, after.heapUsed),
  ].join(", ");
}
