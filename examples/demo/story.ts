import assert from "node:assert/strict";
import { inspect, isDeepStrictEqual } from "node:util";
import { ensureEngine } from "../../build/engine/engine.ts";
import { packedPackage } from "../../build/engine/package.ts";
import type { Platform } from "../../simulators/platform.ts";
import { chapter, say } from "./narrator.ts";
import { type RequestsBySystem, summary, table } from "./requests.ts";
import type { Performance, Stage } from "./stage.ts";
import { type Section, Transcript } from "./transcript.ts";

/** New values in the stack's configuration, by path: those of two databases, and the others. */
const larger = {
  "formation.workerCount": 4,
  "replica.storage": 200,
};
const others = {
  "app.size": "gp2",
  "app.webQuantity": 3,
  "backups.schedule": "0 1 * * *",
};

/**
 * Creates the example's dev stack, changes it, lets it drift, destroys it, and says what to look at.
 *
 * @throws Error when a step does not end as expected
 */
export async function story(stage: Stage): Promise<void> {
  const sent: RequestsBySystem = new Map();
  await prepare(stage);

  /** Runs a command, shows what it printed, and says which requests it sent to which system. */
  async function run(command: string, ...shown: Section[]): Promise<Performance> {
    say.command(`pulumi ${command}`);
    const transcript = new Transcript(say.line, shown);
    const performance = await stage.pulumi(command.split(" "), (line) => transcript.line(line));
    for (const [name, requests] of performance.requests) {
      sent.set(name, [...(sent.get(name) ?? []), ...requests]);
    }
    say.aside(`Sent: ${summary(performance.requests)}`);
    return performance;
  }

  async function configure(values: Record<string, string | number>): Promise<void> {
    for (const [path, value] of Object.entries(values)) {
      say.command(`pulumi config set --path ${path} ${JSON.stringify(value)}`);
    }
    await stage.configure(values);
  }

  chapter(
    "Create",
    "Six resources in four systems, from one program. The provider waits until each one works; the",
    "migration comes last, because it needs the new database's URL, which is a secret.",
  );
  const created = await run("up --yes --skip-preview", "Outputs", "Resources");
  assertChanges(created, { create: 6 });

  chapter(
    "Review a change",
    "Two databases have to grow. The preview shows what that means before it happens: Citus",
    "Cloud cannot resize anything, so two more workers would be a new, EMPTY database, and the",
    "migration would run again; the replica grows in place. Look at the warnings.",
  );
  await configure(larger);
  const planned = await run("preview --diff", "Resources");
  assertChanges(planned, { replace: 2, same: 3, update: 1 });
  assertTold(planned, "workerCount: the new formation starts EMPTY");
  assertNothingSent(planned);

  chapter(
    "Apply it",
    "The app and the schedule change too. The new formation is ready before the old one is",
    "deleted. The schedule is only a record in the stack: the provider sends nothing for it.",
  );
  await configure(others);
  const applied = await run("up --yes --skip-preview", "Resources");
  assertChanges(applied, { replace: 2, update: 4 });

  chapter(
    "Run it again",
    "Nothing changed, so nothing happens, and the provider sends no request.",
  );
  const again = await run("up --yes --skip-preview", "Resources");
  assertChanges(again, { same: 6 });
  assertNothingSent(again);

  chapter(
    "Drift",
    "Somebody resizes the formation to 8 workers in Citus Cloud's console. Undoing that would mean",
    "an empty database again: a change outside the program never destroys a resource.",
  );
  const formation = [...stage.platform.citus.formations.values()].find(
    ({ state }) => state === "steady",
  );
  assert.ok(formation, "There is no formation.");
  stage.platform.citus.resize(formation.id, { worker_count: 8 });
  await run("refresh --yes --skip-preview", "Resources");
  const kept = await run("preview", "Diagnostics", "Resources");
  assertChanges(kept, { same: 6 });
  assertTold(kept, "workerCount is 8 on the server but 4 in the program");
  assertNothingSent(kept);

  chapter("Destroy", "The provider deletes everything, and waits until it is gone.");
  const destroyed = await run("destroy --yes --skip-preview", "Resources");
  assertChanges(destroyed, { delete: 6 });
  assertEmpty(stage.platform);

  chapter("The requests to the four systems", "Most GETs check whether something is ready yet.");
  say.line(table(sent));
}

async function prepare(stage: Stage): Promise<void> {
  say.line(
    "This is examples/typescript on the real Pulumi engine. The four systems are simulated on",
  );
  say.line("this machine, 300 times as fast as the real ones; you need no account.");
  await ensureEngine({ say: say.line });
  const patience = setTimeout(() => say.line("Packing the package as for a registry …"), 1000);
  await packedPackage().finally(() => clearTimeout(patience));
  await stage.open();
}

function assertChanges({ changes }: Performance, expected: Record<string, number>): void {
  if (isDeepStrictEqual(changes, expected)) return;
  throw new Error(`The step changed ${inspect(changes)}; expected ${inspect(expected)}.`);
}

function assertTold({ diagnostics }: Performance, text: string): void {
  const isTold = diagnostics.some(({ message }) => message.includes(text));
  assert.ok(isTold, `The step did not say "${text}".`);
}

function assertNothingSent({ requests }: Performance): void {
  assert.equal(summary(requests), "nothing", "The step sent requests.");
}

function assertEmpty({ citus, crunchyBridge, akkeris, systems }: Platform): void {
  const states = [...citus.formations.values()].map(({ state }) => state);
  assert.deepEqual([...new Set(states)], ["archived"], "A formation is left.");
  assert.equal(crunchyBridge.clusters.size, 1, "A replica is left.");
  assert.deepEqual(akkeris.formations("shop-dev"), [], "An app's formation is left.");
  const unexpected = [...systems.values()].flatMap((system) => system.unexpected);
  assert.deepEqual(unexpected, [], "The systems received requests that no correct client sends.");
}
