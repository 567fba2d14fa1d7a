import { describe, expect, test } from "vitest";
import {
  definitionOfType,
  dynamicType,
  findByToken,
  logicalName,
  parseUrn,
  token,
} from "../../provider/resource/urn.ts";

const all = [{ name: "Formation" }, { name: "Replica" }];

describe("a URN", () => {
  test.each([
    ["of a resource", "urn:pulumi:dev::shop::formations:index:Formation::db", "db"],
    ["of a child", "urn:pulumi:dev::shop::my:index:Group$formations:index:Formation::db", "db"],
    ["of a name with colons", "urn:pulumi:dev::shop::formations:index:Formation::a::b:c", "a::b:c"],
  ])("%s names stack, project, type and name", (_, urn, name) => {
    const type = token("Formation");
    expect(parseUrn(urn)).toEqual({ stack: "dev", project: "shop", type, name });
    expect(logicalName(urn)).toBe(name);
  });

  test.each(["", "db", "urn:pulumi:dev::shop", "urn:pulumi:dev::shop::a:b:C", "a::b::c::d"])(
    "is not %j",
    (text) => {
      expect(parseUrn(text)).toBeUndefined();
      expect(logicalName(text)).toBe(text);
    },
  );
});

describe("a token finds", () => {
  test.each(["formations:index:Replica", "formations:index/replica:Replica"])("%s", (text) => {
    expect(findByToken(all, text)?.name).toBe("Replica");
  });

  test.each(["", "Replica", "other:index:Replica", "formations:other:Replica", "formations:index"])(
    "nothing by %j",
    (text) => {
      expect(findByToken(all, text)).toBeUndefined();
    },
  );
});

test("a type of either host finds its definition", () => {
  expect(definitionOfType(token("Formation"), all)?.name).toBe("Formation");
  expect(definitionOfType(dynamicType("Formation"), all)?.name).toBe("Formation");
  expect(definitionOfType(dynamicType("Other"), all)).toBeUndefined();
});
