import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, onTestFinished, test } from "vitest";
import { addressesOf, ask } from "./external.ts";

/** A server that responds with the status that a path names; `/mended` first with 503. */
async function startServer(): Promise<{ url: string; paths: string[] }> {
  const paths: string[] = [];
  const server = createServer((request, response) => {
    const path = request.url ?? "";
    const status = path === "/mended" ? (paths.includes(path) ? 200 : 503) : Number(path.slice(1));
    paths.push(path);
    response.writeHead(status).end();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void server.close());
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, paths };
}

test("only what the server says is gone is dead", async () => {
  const { url } = await startServer();

  const findings = await ask(
    ["200", "404", "410", "403", "503", "mended"].map((path) => `${url}/${path}`),
    0,
  );

  expect(findings).toEqual([
    { link: `${url}/403`, is: "unknown", why: "403" },
    { link: `${url}/404`, is: "dead", why: "404" },
    { link: `${url}/410`, is: "dead", why: "410" },
    { link: `${url}/503`, is: "unknown", why: "503" },
  ]);
});

test("a server that can't be reached decides nothing", async () => {
  const [finding] = await ask(["http://127.0.0.1:1/"], 0);

  expect(finding).toMatchObject({ is: "unknown" });
});

test("each address is asked once, and none that only stands for one", () => {
  const links = ["https://a.dev/x#one", "https://a.dev/x#two", "docs/a.md", "mailto:a@b.dev"];
  const examples = ["https://citus.example.com/", "http://localhost:8080/", "http://127.0.0.1/"];

  expect(addressesOf([...links, ...examples])).toEqual(["https://a.dev/x"]);
});
