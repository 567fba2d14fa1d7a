import { describe, expect, test } from "vitest";
import { defineWire, type WireTable } from "../../provider/resource/wire.ts";

interface Inputs {
  name?: string;
  size: "small" | "large";
  disk?: number;
  isHa?: boolean;
  note?: string;
}

interface Outputs {
  createdAt: string;
  host?: string;
}

/** What the made-up server shows. */
interface Server {
  name: string;
  size: string;
  disk_gb: string;
  ha: boolean;
  created: number;
}

interface Bodies {
  create: { name: string; size: string };
  patch: { size?: string; disk_gb?: string; "remove-disk"?: true };
  ha: { enabled?: boolean };
}

const table: WireTable<Inputs, Outputs, Server, Bodies> = {
  inputs: {
    name: { read: (seen) => seen.name, sent: { create: (name = "unnamed") => ({ name }) } },
    size: {
      read: (seen) => seen.size,
      sent: { create: (size) => ({ size }), patch: (size) => ({ size }) },
    },
    disk: {
      read: (seen) => Number(seen.disk_gb),
      sent: {
        patch: (disk) => (disk ? { disk_gb: String(disk) } : { "remove-disk": true }),
      },
      same: (asked = 0, shown = 0) => shown >= asked,
    },
    isHa: {
      read: (seen) => seen.ha,
      sent: { ha: (enabled) => ({ enabled }) },
      same: (asked = false, shown) => asked === shown,
      leftUndone: (asked, shown) => asked && !shown,
    },
    note: { read: (_, { note }) => note, sent: {} },
  },
  outputs: { createdAt: (seen) => new Date(seen.created).toISOString(), host: () => undefined },
};

const wire = defineWire(table);

const seen: Server = { name: "db", size: "small", disk_gb: "10", ha: false, created: 0 };
const wanted: Inputs = { name: "db", size: "small" };

test("a state has what the server shows, and what it never shows from what was known", () => {
  expect(wire.state(seen, { note: "mine", size: "large" })).toEqual({
    name: "db",
    size: "small",
    disk: 10,
    isHa: false,
    note: "mine",
    createdAt: "1970-01-01T00:00:00.000Z",
    host: undefined,
  });
});

describe("a body", () => {
  test("of a creation has each input that a creation sends, set or not", () => {
    expect(wire.creation({ size: "large", disk: 20, isHa: true, note: "mine" })).toEqual({
      name: "unnamed",
      size: "large",
    });
  });

  test("of a change has the changes that its request sends, and no other", () => {
    expect(wire.change("patch", { size: "large", isHa: true })).toEqual({ size: "large" });
    expect(wire.change("ha", { size: "large", isHa: true })).toEqual({ enabled: true });
  });

  test("of a change clears what is undefined, and keeps what is absent", () => {
    expect(wire.change("patch", { disk: undefined })).toEqual({ "remove-disk": true });
    expect(wire.change("patch", {})).toEqual({});
  });
});

test("the settings of a request are the inputs that it sends and the program sets", () => {
  expect(wire.settings("patch", { ...wanted, disk: undefined, isHa: true })).toEqual({
    size: "small",
  });
});

test("the differences of a request are its settings that the server shows otherwise", () => {
  const asked: Inputs = { ...wanted, disk: 20, isHa: true };
  expect(wire.differences("patch", asked, seen)).toEqual({ disk: 20 });
  expect(wire.differences("ha", asked, seen)).toEqual({ isHa: true });
  expect(wire.differences("patch", { ...asked, disk: 5 }, seen)).toEqual({});
});

describe("what was asked", () => {
  test.each<[string, Inputs, boolean]>([
    ["is there", wanted, true],
    ["is there, unset where the row allows it", { ...wanted, isHa: undefined }, true],
    ["is there, never shown", { ...wanted, note: "mine" }, true],
    ["is not there", { ...wanted, size: "large" }, false],
    ["is not there, unset", { size: "small" }, false],
  ])("%s", (_, asked, has) => {
    expect(wire.hasWhatWasAsked(seen, asked)).toBe(has);
  });
});

describe("a creation leaves undone", () => {
  test.each<[string, Inputs, Partial<Inputs>]>([
    ["nothing that it sends", { name: "other", size: "large" }, {}],
    ["what only another request sends, where it differs", { ...wanted, disk: 20 }, { disk: 20 }],
    ["nothing of it that is there", { ...wanted, disk: 10 }, {}],
    ["nothing that no request sends", { ...wanted, note: "mine" }, {}],
    ["what its row says", { ...wanted, isHa: true }, { isHa: true }],
    ["nothing that its row excludes", { ...wanted, isHa: false }, {}],
  ])("%s", (_, asked, undone) => {
    expect(wire.leftUndone({ ...seen, ha: asked.isHa === false }, asked)).toEqual(undone);
  });
});

test("a property without a row does not compile", () => {
  const { note: _, ...inputs } = table.inputs;
  const { host: __, ...outputs } = table.outputs;
  // @ts-expect-error The input `note` has no row.
  defineWire<Inputs, Outputs, Server, Bodies>({ ...table, inputs });
  // @ts-expect-error The output `host` has no row.
  defineWire<Inputs, Outputs, Server, Bodies>({ ...table, outputs });
});
