import { expect, onTestFinished, test } from "vitest";
import {
  conceal,
  createRedactor,
  ownWords,
  redactError,
  withoutSecrets,
} from "../../provider/process/redact.ts";

const secret = 'p?ä"word/+1';

test.each([
  ["itself", secret],
  ["percent-encoded", encodeURIComponent(secret)],
  ["in JSON", JSON.stringify(secret).slice(1, -1)],
  ["in base64", Buffer.from(secret).toString("base64")],
  ["in base64 for URLs", Buffer.from(secret).toString("base64url")],
  ["in base64 after a user", Buffer.from(`me:${secret}`).toString("base64")],
  ["in base64 after a longer user", Buffer.from(`user:${secret}`).toString("base64")],
  ["in base64 between others", Buffer.from(`a:${secret}:b`).toString("base64")],
])("a secret is masked: %s", (_, spelled) => {
  const masked = createRedactor([secret])(`before ${spelled} after`);
  expect(masked).toMatch(/^before \S{0,8}\[secret\]\S{0,6} after$/);
});

test("a secret that begins with another is masked whole", () => {
  expect(createRedactor(["abcd", "abcdefgh"])("abcdefgh")).toBe("[secret]");
});

test("what is too short to be a secret is left alone", () => {
  expect(createRedactor(["", "abc"])("abc")).toBe("abc");
});

test.each([
  [
    "postgres://citus:pw@db.example.com:5432/citus",
    "postgres://citus:[secret]@db.example.com:5432/citus",
  ],
  ["redis://:pw@host", "redis://:[secret]@host"],
  ["postgres://u:p@ss/w@host/db", "postgres://u:[secret]@host/db"],
  ['{"url":"https://u:pw@host"}', '{"url":"https://u:[secret]@host"}'],
  ["see http://localhost:4200/ or mail a@b", "see http://localhost:4200/ or mail a@b"],
])("the password of a URL is masked: %s", (text, masked) => {
  expect(createRedactor([])(text)).toBe(masked);
});

test("a long text that only looks like URLs is masked within the test's time limit", () => {
  // Quadratic matching would take minutes here, and linear matching takes less than a second.
  const text = "://a:b".repeat(50_000);
  expect(createRedactor([])(text)).toBe(text);
});

test("an error is copied with its code and its causes, all masked, and nothing else", () => {
  const cause = Object.assign(new Error(`sent ${secret}`), { code: "E1", data: secret });
  const copy = redactError(new Error("outer", { cause }), createRedactor([secret]));
  expect(copy).toMatchObject({ message: "outer", cause: { message: "sent [secret]", code: "E1" } });
  expect(copy.cause).not.toHaveProperty("data");
});

test("our own words stay whole although a secret is one of them, and only they do", () => {
  const forget = conceal(createRedactor(["wrong"]));
  onTestFinished(forget);
  const own = ownWords("The token was rejected: it is wrong or expired.");
  const shorter = ownWords("it is wrong");
  expect(withoutSecrets(`wrong: ${own} ${shorter}, wrong`)).toBe(
    `[secret]: ${own} ${shorter}, [secret]`,
  );
  expect(withoutSecrets("The token is wrong or expired.")).toBe(
    "The token is [secret] or expired.",
  );
});

test("only the last of our own words are remembered", () => {
  const forget = conceal(createRedactor(["wrong"]));
  onTestFinished(forget);
  const own = ownWords("first wrong");
  for (let at = 0; at < 1_000; at += 1) ownWords(`text ${at}`);
  expect(withoutSecrets(own)).toBe("first [secret]");
});
