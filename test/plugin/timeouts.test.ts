import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { repository } from "../../build/repository.ts";
import { resources } from "../../provider/index.ts";
import { resourcePage } from "../../sdk/generator/resource-page.ts";
import { subjects } from "../subjects.ts";
import { type Subject, type Verb, verbs } from "../support/subject.ts";
import { CallFailed, type Failure } from "./plugin.ts";
import { type Held, heldOf } from "./resource.ts";
import { worldOf } from "./world.ts";

/*
 * The page of each resource says which operations poll, and so may take long: this is what happens on a
 * server whose time does not pass.
 */

/** Seconds, of `customTimeouts`. */
const timeout = 1;

/** The operations that a page says poll. */
function polling(name: string): Verb[] {
  const pages = resources.filter((one) => one.name === name).map(resourcePage);
  const text = pages.map((page) => readFileSync(join(repository, page), "utf8")).join();
  const [, section = ""] = /^## Timeouts$([\s\S]*?)^## /m.exec(text) ?? [];
  const lines = section.split("\n").filter((line) => /\bpolls\b/.test(line));
  return verbs.filter((verb) => lines.some((line) => line.includes(`\`${verb}\``)));
}

/** The failure of an operation that reaches its deadline, whose message has to say how to allow more. */
async function late(verb: Verb, operation: Promise<unknown>): Promise<Failure | undefined> {
  const error = await operation.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (error === undefined) return undefined;
  if (!(error instanceof CallFailed)) throw error;
  const advice = `customTimeouts sets how long it may take (\`${verb}\`), or formations:timeout`;
  expect(error.failure.text).toContain(advice);
  return error.failure;
}

/** The operations of a resource that reach their deadline. */
async function lateOnes(subject: Subject): Promise<Verb[]> {
  const { simulator, resource, inputs } = await worldOf(subject, { speed: 0 });
  const found: Verb[] = [];
  const note = (verb: Verb, failure: Failure | undefined) => {
    if (failure) found.push(verb);
  };
  let held: Held | undefined;
  const creating = resource.create(inputs, { timeout }).then((made) => {
    held = made;
  });
  const creation = await late("create", creating);
  note("create", creation);
  held ??= heldOf(creation?.init);
  // Resumes what has not ended.
  note("update", await late("update", resource.update(held, inputs, { timeout })));

  simulator.clock.advance(3_600_000);
  held = await resource.read(held, timeout);
  note("delete", await late("delete", resource.delete(held, timeout)));
  return found;
}

test("the operations that a page says poll are those that reach their deadline on a slow server", async () => {
  const found = await Promise.all(
    subjects.map(async (subject) => [subject.name, await lateOnes(subject)] as const),
  );

  const said = subjects.map(({ name }) => [name, polling(name)] as const);
  expect(Object.fromEntries(found)).toEqual(Object.fromEntries(said));
});
