import { expect, test } from "vitest";
import { addressProblem, addressWarning } from "../../provider/resource/addresses.ts";

const citus = {
  name: "formations:citusUrl",
  usual: "https://console.citusdata.com/api/v1",
  allowHttp: false,
  allowHttpKey: "formations:allowHttp",
};

test.each([
  ["citus.example.com", "https://citus.example.com/api/v1"],
  ["citus.example.com/", "https://citus.example.com/api/v1"],
  ["citus.example.com:8443", "https://citus.example.com:8443/api/v1"],
  ["citus.example.com/v2", "https://citus.example.com/v2"],
  ["//citus.example.com", "https://citus.example.com/api/v1"],
  ["https//citus.example.com", "https://citus.example.com/api/v1"],
  ["localhost:4170", "http://localhost:4170/api/v1"],
  ["127.0.0.1:4170/api/v1", "http://127.0.0.1:4170/api/v1"],
])("%s is not a URL, and %s is suggested", (value, likely) => {
  expect(addressProblem({ ...citus, value })).toBe(
    `formations:citusUrl is ${JSON.stringify(value)}, which is not a URL. Did you mean ${likely}?`,
  );
});

test("of a server at its root the root is suggested", () => {
  const address = { ...citus, usual: undefined, value: "antfly.example.com" };
  expect(addressProblem(address)).toMatch(/Did you mean https:\/\/antfly\.example\.com\?$/);
});

test("another scheme is named, with the likely right URL", () => {
  expect(addressProblem({ ...citus, value: "htps://citus.example.com/api/v1" })).toBe(
    'formations:citusUrl is "htps://citus.example.com/api/v1", which is not a URL of the web. Did you mean https://citus.example.com/api/v1?',
  );
});

test("a text that may be anything gets no suggestion", () => {
  expect(addressProblem({ ...citus, value: "not a host" })).toMatch(/which is not a URL\.$/);
});

test.each([
  "bob:hunter2@citus.example.com",
  "https://bob:hunter2@citus.example.com",
  "http://bob:hunter2@citus.example.com",
])("credentials in %s are not shown", (value) => {
  expect(addressProblem({ ...citus, value })).not.toContain("hunter2");
});

test("a secret address is not shown", () => {
  const problem = addressProblem({ ...citus, value: "hush.example.com", isSecret: true });
  expect(problem).toContain("which is not a URL");
  expect(problem).not.toContain("hush");
});

test.each([
  "https://console.citusdata.com/api/v1",
  "https://proxy.example.com/citus",
  "http://127.0.0.1:4170/api/v1",
])("%s is as it should be", (value) => {
  expect(addressProblem({ ...citus, value })).toBeUndefined();
  expect(addressWarning({ ...citus, value })).toBeUndefined();
});

test("where the API is at the root, no path is missed", () => {
  const usual = "https://api.crunchybridge.com";
  expect(addressWarning({ ...citus, usual, value: "https://bridge.example.com" })).toBeUndefined();
});
