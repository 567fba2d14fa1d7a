import { describe, expect, test } from "vitest";
import { resources } from "../../../provider/index.ts";
import { explained, forms, hosts, saidIn } from "./previews.ts";
import { rows } from "./rows.ts";

test.each(resources)(
  "$name: every row of the plan table is among those that are tried",
  (definition) => {
    const { properties, whole = [] } = definition.plan;
    const tried = rows.filter(({ type }) => type === definition.name).map(({ row }) => row);
    expect(tried.toSorted()).toEqual([...properties, ...whole].map((one) => one.change).toSorted());
  },
);

describe.each(hosts)("on the %s host", (host) => {
  test.each(rows)("$type: $row", (row) => {
    for (const form of forms) {
      const { changes } = explained([row], { host, form });
      expect(
        changes.map(({ operation, effect, order }) => ({ operation, effect: effect?.kind, order })),
      ).toEqual(
        row.becomes ? [{ operation: row.becomes, effect: row.effect, order: row.order }] : [],
      );
      expect(changes.map(saidIn).join()).toContain(JSON.stringify(row.says ?? "").slice(1, -1));
      expect(changes.map(saidIn).join()).not.toMatch(/__|sk-|exports/);
    }
  });
});

test.each(rows)("$type: $row: both hosts and both forms give the same explanation", (row) => {
  const all = hosts.flatMap((host) => forms.map((form) => explained([row], { host, form })));
  // A replacement on the dynamic host does not say whether a secret changed.
  const comparable = all.map(({ changes }) =>
    changes.map(({ urn: _, properties, ...change }) => ({
      ...change,
      properties: properties.filter(({ mayDiffer }) => !mayDiffer),
    })),
  );
  for (const one of comparable) expect(one).toEqual(comparable[0]);
});
