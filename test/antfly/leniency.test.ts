import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { AntflyApi } from "../../provider/antfly/api.ts";
import { AntflySimulator } from "../../simulators/antfly.ts";
import { running } from "../simulators/kit/testing.ts";
import { connectTo } from "./world.ts";

/** A response with every field that a release is known to send, and what a verb needs of it. */
interface Case {
  path: string;
  method: string;
  answer: object;
  /** Fields without which the verb can't do its work: `*` is any item of a list. */
  needs: string[];
  call(api: AntflyApi): Promise<unknown>;
}

const place = { location: "s3://backups/a", connection: "s3" };
const options = {};
const time = "2031-01-15T03:00:00Z";
const secret = {
  ...{ status: "configured_file", env_var: "K", source: "native", managed: true },
  ...{ created_at: time, updated_at: time },
};
const job = {
  ...{ job_id: "1", attempt_id: 0, scope: "cluster", backup_id: "b", phase: "queued" },
  ...{ cancel_requested: false, error: "TableAlreadyExists", created_at_ms: 1, expires_at_ms: 2 },
  result: {
    ...{ status: "partial", committed_table_count: 1, skipped_table_count: 0 },
    failure_details: [{ table_name: "t", error: "gone", table_name_truncated: false }],
  },
};

const cases: Record<string, Case> = {
  "a cluster's status": {
    path: "/db/v1/status",
    method: "GET",
    answer: {
      ...{ health: "healthy", message: "m", auth_enabled: true, deployment_mode: "standalone" },
      ...{ swarm_mode: true, storage: { engine: "local" } },
    },
    needs: ["health"],
    call: (api) => api.status(options),
  },
  "the list of secrets": {
    path: "/db/v1/secrets",
    method: "GET",
    answer: { secrets: [{ key: "k", ...secret }], writable: true },
    needs: ["secrets", "secrets.*", "secrets.*.key"],
    call: (api) => api.secretList(options),
  },
  "a stored secret": {
    path: "/db/v1/secrets/k",
    method: "PUT",
    answer: { key: "k", ...secret },
    needs: [],
    call: (api) => api.putSecret("k", { value: "v" }, options),
  },
  "a taken backup": {
    path: "/db/v1/backup",
    method: "POST",
    answer: {
      ...{ backup_id: "b", status: "completed" },
      tables: [{ name: "t", status: "completed", error: "" }],
    },
    needs: ["status"],
    call: (api) => api.takeBackup({ ...place, backupId: "b" }, options),
  },
  "the list of backups": {
    path: "/db/v1/backups",
    method: "GET",
    answer: {
      backups: [
        {
          ...{ backup_id: "b", timestamp: time, tables: ["t"], location: "s3://backups/a" },
          ...{ antfly_version: "zig-dev", format: "native" },
        },
      ],
    },
    needs: ["backups", "backups.*", "backups.*.backup_id"],
    call: (api) => api.backups(place, options),
  },
  "a restore that begins": {
    path: "/db/v1/restore",
    method: "POST",
    answer: job,
    needs: ["job_id"],
    call: (api) => api.restore({ ...place, backupId: "b" }, options),
  },
  "a restore's job": {
    path: "/db/v1/restore/jobs/1",
    method: "GET",
    answer: job,
    needs: ["phase"],
    call: (api) => api.restoreJob("1", options),
  },
  "the list of tables": {
    path: "/db/v1/tables",
    method: "GET",
    answer: [{ name: "t", indexes: { a: { kind: "full_text" } }, shards: null }],
    needs: ["*", "*.name"],
    call: (api) => api.tables(options),
  },
};

/** The paths of all fields, items of lists as `*`. */
function pathsOf(value: unknown, path: string[] = []): string[][] {
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => {
    const here = [...path, key];
    return [here, ...pathsOf(inner, here)];
  });
}

const named = (path: readonly string[]) =>
  path.map((key) => (/^\d+$/.test(key) ? "*" : key)).join(".");

const drop = Symbol("drop");

/** A copy in which the field at a path is another, or gone. */
function changed(value: unknown, [key = "", ...rest]: readonly string[], to: unknown): unknown {
  const copy = Array.isArray(value) ? [...value] : Object.assign({}, value);
  if (rest.length > 0) Reflect.set(copy, key, changed(Reflect.get(copy, key), rest, to));
  else if (to === drop && Array.isArray(copy)) copy.splice(Number(key), 1);
  else if (to === drop) Reflect.deleteProperty(copy, key);
  else Reflect.set(copy, key, to);
  return copy;
}

async function answering({ path, method }: Case) {
  const simulator = await running(new AntflySimulator());
  const api = connectTo(simulator, { antflyUrl: `${simulator.url}/db/v1` }).at();
  return {
    api,
    /** Each request to the endpoint gets this, until the next call. */
    answer(body: unknown): void {
      simulator.clearFaults();
      const kind = { type: "status", status: 200, body: Object(body) } as const;
      simulator.order({ method, path, times: 9, kind });
    },
    done: () => simulator.clearFaults(),
  };
}

describe.each(Object.entries(cases))("%s", (_, given) => {
  const spare = pathsOf(given.answer).filter((path) => !given.needs.includes(named(path)));

  test("is read without any field that nothing needs, and with it null or of another type", async () => {
    const { api, answer, done } = await answering(given);
    for (const path of spare) {
      for (const to of [drop, null, 7, "seven", true, [], {}, ["a", { b: null }]]) {
        answer(changed(given.answer, path, to));
        await expect(given.call(api), `${named(path)}: ${String(to)}`).resolves.toBeDefined();
      }
    }
    done();
  });

  test("is read with several fields changed at once, by a fixed seed", async () => {
    const { api, answer, done } = await answering(given);
    const change = fc.record({
      path: fc.constantFrom(...spare),
      to: fc.jsonValue({ maxDepth: 2 }),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(change, { maxLength: 4 }), async (changes) => {
        // Deeper ones first: an outer change may take the inner field away.
        const inOrder = changes.toSorted((one, other) => other.path.length - one.path.length);
        const body = inOrder.reduce<unknown>(
          (all, { path, to }) => changed(all, path, to),
          given.answer,
        );
        answer(body);
        await expect(given.call(api)).resolves.toBeDefined();
      }),
      { seed: 20_260_301, numRuns: 60 },
    );
    done();
  });

  test.runIf(given.needs.length > 0)("is an error without what the verb needs", async () => {
    const { api, answer, done } = await answering(given);
    const needed = pathsOf(given.answer).filter((path) => given.needs.includes(named(path)));
    for (const path of needed.filter((path) => path.at(-1) !== "0")) {
      answer(changed(given.answer, path, drop));
      await expect(given.call(api), named(path)).rejects.toMatchObject({ code: "BAD_ANSWER" });
    }
    done();
  });
});
