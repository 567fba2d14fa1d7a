import { type AddressInfo, createServer } from "node:net";
import { expect, onTestFinished, test, vi } from "vitest";
import { NoAnswer } from "../../provider/http/errors.ts";
import { clientOf, createThing, failure } from "./client-under-test.ts";

test("a proxy that never makes a tunnel is named before the try is over, and nothing was sent", async () => {
  const proxy = createServer(() => {});
  await new Promise<void>((resolve) => proxy.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void proxy.close());
  const { port } = proxy.address() as AddressInfo;
  vi.stubEnv("https_proxy", `http://127.0.0.1:${port}`);
  vi.stubEnv("no_proxy", "");
  onTestFinished(() => void vi.unstubAllEnvs());

  const sent = clientOf("https://things.invalid").send(
    createThing,
    { name: "n" },
    { once: true, deadline: Date.now() + 60_000 },
  );

  const error = await failure(sent, NoAnswer);
  expect(error.message).toContain(
    `proxy 127.0.0.1:${port}: connecting to the server took too long (UND_ERR_HEADERS_TIMEOUT)`,
  );
  expect(error).toMatchObject({ sent: false, isProxy: true, mayHaveTakenEffect: false });
});
