import { expect, test } from "vitest";
import { adoptingCommand, alreadyExists, explained } from "../../provider/resource/adoption.ts";
import { AlreadyExists } from "../../provider/resource/errors.ts";

const rival = { what: 'server "db"', id: "s-1", otherwise: "give this one another name" };
const urn = "urn:pulumi:dev::shop::type::db";

test("the error names what is in a creation's place, its ID and age, and what to do", () => {
  const error = alreadyExists({ ...rival, since: "2019-01-01T00:00:00Z" });
  expect(error).toBeInstanceOf(AlreadyExists);
  expect(error.message.split("\n")).toEqual([
    'server "db" already exists (ID s-1, created 2019-01-01T00:00:00Z). Nothing was created.',
    "If it is this resource, adopt it: `npx -p pulumi-formations formations recover --yes --adopt NAME=s-1`, where NAME is its name in the program.",
    "If it is not, give this one another name.",
    "If the resource was only renamed in the program, keep it with the option `aliases`; if it is being replaced without a change (`--replace`, a taint), set `deleteBeforeReplace`.",
  ]);
});

test("an unknown age is left out, and a known URN is named", () => {
  const { message } = alreadyExists({ ...rival, urn });
  expect(message).toContain("already exists (ID s-1). Nothing was created.");
  expect(message).toContain(`--adopt '${urn}=s-1'\`.`);
  expect(message).not.toContain("NAME");
});

test.each([
  ["another resource", "urn:pulumi:dev::shop::type::old", " as old", /remove one of them/],
  ["one whose URN the host does not know", undefined, "", /remove one of them/],
  ["itself", urn, " as db", /set `deleteBeforeReplace`/],
])("what the stack itself manages, as %s, is not to be adopted", (_, holder, as, advice) => {
  const error = alreadyExists({ ...rival, urn });
  expect(explained(error, () => undefined)).toBe(error);
  const { message } = explained(error, (id) =>
    id === "s-1" ? { urn: holder } : undefined,
  ) as Error;
  expect(message).toContain(
    `already exists (ID s-1). Nothing was created.\nThis stack manages it${as}. `,
  );
  expect(message).toMatch(advice);
  expect(message).not.toContain("--adopt");
});

test("the command that adopts is quoted for a shell", () => {
  expect(adoptingCommand([["it's", "a/b"]], ["--stack", "my stack"])).toBe(
    "npx -p pulumi-formations formations recover --yes --stack 'my stack' --adopt 'it'\\''s=a/b'",
  );
});

test("the command that adopts several is one command of several lines", () => {
  const command = adoptingCommand([
    ["web", "shop/web"],
    ["job", "shop/job"],
  ]);
  expect(command.split(" \\\n    ")).toEqual([
    "npx -p pulumi-formations formations recover --yes",
    "--adopt web=shop/web",
    "--adopt job=shop/job",
  ]);
});
