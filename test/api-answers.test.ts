import { inspect } from "node:util";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { FormationsError } from "../provider/errors.ts";
import type { HttpClient } from "../provider/http/client.ts";
import { BadAnswer, HttpError, httpError } from "../provider/http/errors.ts";
import { interpret } from "../provider/http/interpret.ts";
import { requestOf } from "../provider/http/request.ts";
import { createRedactor } from "../provider/process/redact.ts";
import type { Values } from "../provider/resource/values.ts";
import { systems } from "./subjects.ts";
import type { AnswerCase } from "./support/answers.ts";

const seed = 20_260_301;
const runs = { seed, numRuns: 200 };

/** What a body holds that nobody may see; no redactor knows it. */
const hidden = "hunter2-in-an-answer";

/** A client whose every request gets one answer. */
function answering(status: number, text: string): HttpClient {
  const defaults = { system: "Test", headers: {}, secrets: [] };
  const redact = createRedactor([]);
  const base = { origin: "http://x", prefix: "" };
  return {
    send: async (endpoint, params, options = {}) => {
      const request = requestOf(endpoint, params, base, defaults, redact, options);
      const attempt = { request, tries: 1, inDoubt: false, now: 0 };
      const outcome = { response: { status, headers: {}, text } };
      const result = interpret(attempt, endpoint, outcome, undefined);
      if ("failure" in result) throw httpError(result.failure);
      return result.answer;
    },
    close: async () => {},
  };
}

/** Of each system; a system has them in its folder. */
const cases: AnswerCase[] = [];
for (const { name } of systems) {
  const { answers }: { answers: AnswerCase[] } = await import(`./${name}/answers.ts`);
  cases.push(...answers);
}

const json = fc.jsonValue({ maxDepth: 3 });
const extra = fc.dictionary(
  fc
    .string()
    .filter((key) => key !== "__proto__")
    .map((key) => `x-${key}`),
  json,
  { maxKeys: 2, noNullPrototype: true },
);

/** The same with further fields in each object of it. */
function extended(value: unknown, more: Values): unknown {
  if (Array.isArray(value)) return value.map((item) => extended(item, more));
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).map(([key, item]) => [key, extended(item, more)]);
  return { ...more, ...Object.fromEntries(entries) };
}

/** The paths of all values in a value. */
function pathsOf(value: unknown, path: string[] = []): string[][] {
  if (typeof value !== "object" || value === null) return [path];
  const inner = Object.entries(value).flatMap(([key, item]) => pathsOf(item, [...path, key]));
  return [path, ...inner];
}

function changed(value: unknown, [first, ...rest]: string[], to: unknown): unknown {
  if (first === undefined) return to;
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).map(([key, item]) => [
    key,
    key === first ? changed(item, rest, to) : item,
  ]);
  return Array.isArray(value) ? entries.map(([, item]) => item) : Object.fromEntries(entries);
}

function without(value: unknown, [first, ...rest]: string[]): unknown {
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).flatMap(([key, item]) => {
    if (key !== first) return [[key, item] as const];
    return rest.length > 0 ? [[key, without(item, rest)] as const] : [];
  });
  return Array.isArray(value) ? entries.map(([, item]) => item) : Object.fromEntries(entries);
}

describe.each(cases)(
  "$name",
  ({ valid, needed, isStatusOnly = false, others = [], invalid = [], call }) => {
    const send = (status: number, value: unknown) =>
      call(answering(status, JSON.stringify(value) ?? ""));

    test("parses, with whatever else is in it", async () => {
      const parsed = await send(200, valid);
      await fc.assert(
        fc.asyncProperty(extra, async (more) => {
          expect(await send(200, extended(valid, more))).toEqual(parsed);
        }),
        { ...runs, numRuns: 30 },
      );
    });

    test("is read without each field that nothing needs: absent, null, or of another form", async () => {
      const spare = pathsOf(valid).filter((path) => {
        return path.length > 0 && needed && !needed.includes(path.join("."));
      });
      const forms = [null, 7, "text", true, [], {}, [{}], { a: 1 }];
      const refused: string[] = [];
      for (const path of spare) {
        const bodies = [
          ["absent", without(valid, path)] as const,
          ...forms.map((form) => [JSON.stringify(form), changed(valid, path, form)] as const),
        ];
        for (const [form, body] of bodies) {
          await send(200, body).catch((error: unknown) => {
            refused.push(`${path.join(".")} ${form}: ${error}`);
          });
        }
      }
      expect(refused).toEqual([]);
    });

    test.each(others)(
      "parses with new values, and nulls or strings where they may be (%#)",
      async ({ answer, reads }) => {
        expect({ read: await send(200, answer) }).toMatchObject({ read: reads });
      },
    );

    test.each(invalid)(
      "is a bad answer where it is nearly one, rather than a guess (%#)",
      async (answer) => {
        await expect(send(200, answer)).rejects.toBeInstanceOf(BadAnswer);
      },
    );

    test("is never half-parsed, nor gone, where something else comes in its place", async () => {
      const paths = fc.constantFrom(...pathsOf(valid));
      const wrong = fc.oneof(json, fc.constant(undefined), fc.constant({ secret: hidden }));
      await fc.assert(
        fc.asyncProperty(paths, wrong, async (path, to) => {
          const result = await send(200, changed(valid, path, to)).catch((error: unknown) => error);
          if (!(result instanceof Error)) return;
          expect(result, inspect(result)).toBeInstanceOf(FormationsError);
          expect(inspect(result, { depth: 9 })).not.toContain(hidden);
        }),
        runs,
      );
    });

    const ofBodies = isStatusOnly ? [] : ["is a bad answer where it is any other JSON"];
    test.each(ofBodies)("%s, and no error shows its content", async () => {
      const other = json.filter((value) => !(Array.isArray(value) && value.length === 0));
      await fc.assert(
        fc.asyncProperty(other, async (value) => {
          const noise = { [hidden]: hidden, deep: { value, url: `postgres://u:${hidden}@h/d` } };
          const isList = Array.isArray(valid);
          for (const body of [value, isList ? noise : [noise], isList ? noise : hidden]) {
            if (isList && Array.isArray(body)) continue;
            const error = await send(200, body).catch((reason: unknown) => reason);
            // Where all of it is optional, an object is an answer.
            if (
              !(error instanceof Error) &&
              others.some(({ answer }) => Object.keys(Object(answer)).length === 0)
            )
              continue;
            expect(error).toBeInstanceOf(BadAnswer);
            expect(inspect(error, { depth: 9 })).not.toContain(hidden);
          }
        }),
        runs,
      );
    });

    test("is no answer where the server failed, and only the API's own 404 or 410 means gone", async () => {
      for (const status of [401, 403, 500, 502, 503]) {
        await expect(send(status, { message: "no" }), `${status}`).rejects.toBeInstanceOf(
          FormationsError,
        );
      }
      for (const page of ["", "<html>", "<!doctype html><title>x</title>"]) {
        await expect(call(answering(404, page)), page).rejects.toBeInstanceOf(HttpError);
      }
    });
  },
);
