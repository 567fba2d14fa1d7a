import { expect, test } from "vitest";
import { unknownValue as unknown, type Values } from "../../provider/resource/values.ts";
import { definition } from "./world.ts";

/** As `GET /sizes` has them: the production spaces' twin of gp2 costs more, that of gp1 the same. */
const list = [
  { name: "gp1", price: 20 },
  { name: "gp1-prod", price: 20 },
  { name: "gp2", price: 40 },
  { name: "gp2-prod", price: 55.5 },
  { name: "gp3", price: 0.1 },
  { name: "gp3-prod", price: 7 },
  { name: "gp4", price: undefined },
  { name: "free", price: 0 },
];

function costOf(properties: Values, observed?: Values) {
  return definition.cost?.monthly(properties, observed, list);
}

test.each([
  [{ size: "gp1", quantity: 1 }, 20],
  [{ size: "gp1", quantity: 32 }, 640],
  [{ size: "gp3-prod", quantity: 3 }, 21],
  [{ size: "free", quantity: 5 }, 0],
  // No instance costs nothing, whatever its size would.
  [{ size: "gp4", quantity: 0 }, 0],
  [{ size: unknown, quantity: 0 }, 0],
  [{ size: "gp1", quantity: 2, oneoff: false }, 40],
])("a new formation costs its size's price per instance: %j", (properties, dollars) => {
  expect(costOf(properties)).toEqual({ dollars });
});

test("0.1 three times is 0.3", () => {
  const observed = { size: "gp3", serverSize: "gp3" };
  expect(costOf({ size: "gp3", quantity: 3 }, observed)).toEqual({ dollars: 0.3 });
});

test.each([
  [{ size: "gp4", quantity: 1 }, "no price is published for size `gp4`"],
  [{ size: "gp9", quantity: 1 }, "no price is published for size `gp9`"],
  [{ size: "constructor", quantity: 1 }, "no price is published for size `constructor`"],
  [{ size: unknown, quantity: 1 }, "`size` is not known"],
  [{ quantity: 1 }, "`size` is not known"],
  [{ size: "gp1", quantity: unknown }, "`quantity` is not known"],
  [{ size: "gp1" }, "`quantity` is not known"],
  [{ size: "gp1", quantity: 1, oneoff: unknown }, "`oneoff` is not known"],
  [
    { size: "gp1", quantity: 1, oneoff: true },
    "a one-off runs on demand, and how long is not known",
  ],
])("without what it depends on there is no cost: %j", (properties, note) => {
  expect(costOf(properties)).toEqual({ note });
  expect(costOf(properties, properties)).toEqual({ note });
});

test("a size that the app's kind of space decides on costs what it does elsewhere, with a note", () => {
  const note = "$111 if the app's space is tagged `compliance=prod`, where the size is `gp2-prod`";
  expect(costOf({ size: "gp2", quantity: 2 })).toEqual({ dollars: 80, note });
});

test.each([
  ["the size stays", { size: "gp2" }, { size: "gp2", serverSize: "gp2" }, 40],
  [
    "it stays, in a production space",
    { size: "gp2" },
    { size: "gp2", serverSize: "gp2-prod" },
    55.5,
  ],
  ["it is spelt as there", { size: "gp2-prod" }, { size: "gp2", serverSize: "gp2-prod" }, 55.5],
  [
    "it was imported as spelt there",
    { size: "gp2" },
    { size: "gp2-prod", serverSize: "gp2-prod" },
    55.5,
  ],
  ["it changes", { size: "gp2" }, { size: "gp1", serverSize: "gp1" }, 40],
  ["it changes there", { size: "gp2" }, { size: "gp1", serverSize: "gp1-prod" }, 55.5],
  // What a preview says of the new size in the server's spelling is unknown, and does not matter.
  [
    "it changes there",
    { size: "gp2", serverSize: unknown },
    { size: "gp1", serverSize: "gp1-prod" },
    55.5,
  ],
  [
    "it changes there",
    { size: "gp2", serverSize: "gp1-prod" },
    { size: "gp1", serverSize: "gp1-prod" },
    55.5,
  ],
])("the server's name of the size decides: %s", (_, properties, observed, dollars) => {
  expect(costOf({ ...properties, quantity: 1 }, { ...observed, quantity: 1 })).toEqual({ dollars });
});

test.each([
  ["the server did not name it", { size: "gp1" }],
  ["it is not known", { size: "gp1", serverSize: unknown }],
  ["both end alike", { size: "gp1-prod", serverSize: "gp1-prod" }],
])("a change of size leaves the kind of space open where %s", (_, observed) => {
  expect(costOf({ size: "gp2", quantity: 1 }, observed)).toEqual({
    dollars: 40,
    note: "$55.50 if the app's space is tagged `compliance=prod`, where the size is `gp2-prod`",
  });
});
