import { expect, test } from "vitest";
import { measureStack } from "./measure.ts";
import { writings } from "./results.ts";

test.each(["plugin", "dynamic"] as const)(
  "a small stack is measured with all that the page on scale says: %s host",
  async (host) => {
    const result = await measureStack({ host, size: 2, repeats: 1, writings });

    const requests = Object.entries(result.operations).map(([name, one]) => [name, one.requests]);
    expect(Object.fromEntries(requests)).toEqual({
      ...{ create: 2, preview: 0, up: 0, refresh: 2, export: 0 },
    });
    const { plain, gzip, end } = result.creation;
    expect(plain).toMatchObject({ uploads: 12, copies: 10 });
    expect(gzip).toMatchObject({ uploads: 12, copies: 10 });
    expect(end?.uploads).toBeLessThan(6);
    expect(gzip?.uploaded).toBeLessThan(plain?.uploaded ?? 0);
    expect(result.unchanged?.uploaded).toBeGreaterThan(2 * result.state * 0.9);
    for (const { seconds } of Object.values(result.operations)) expect(seconds).toBeGreaterThan(0);
  },
);
