import { expect, test } from "vitest";
import { adoptingCommand, alreadyExists } from "../../provider/resource/adoption.ts";
import { AlreadyExists } from "../../provider/resource/errors.ts";

const rival = { what: 'server "db"', id: "s-1", otherwise: "give this one another name" };

test("what stands in a creation's way is told with its ID and age, and with what to do", () => {
  const error = alreadyExists({ ...rival, since: "2019-01-01T00:00:00Z" });
  expect(error).toBeInstanceOf(AlreadyExists);
  expect(error.message).toBe(
    'server "db" already exists (ID s-1, created 2019-01-01T00:00:00Z). Nothing was created. ' +
      "If an interrupted run created it, adopt it with: `npx -p pulumi-formations formations recover --yes --adopt 'NAME=s-1'`, where NAME is its name in the program; `npx -p pulumi-formations formations help adopting` tells more. " +
      "Otherwise, give this one another name. " +
      "(When replacing an unchanged resource with `--replace` or a taint, set `deleteBeforeReplace`.)",
  );
});

test("an unknown age is left out, and a known URN is named", () => {
  const { message } = alreadyExists({ ...rival, urn: "urn:pulumi:dev::shop::type::db" });
  expect(message).toContain("already exists (ID s-1). Nothing was created.");
  expect(message).toContain("--adopt 'urn:pulumi:dev::shop::type::db=s-1'`; `npx");
  expect(message).not.toContain("NAME");
});

test("the command that adopts is quoted for a shell", () => {
  expect(adoptingCommand("it's", "a/b", ["--stack", "my stack"])).toBe(
    "npx -p pulumi-formations formations recover --yes --stack 'my stack' --adopt 'it'\\''s=a/b'",
  );
});
