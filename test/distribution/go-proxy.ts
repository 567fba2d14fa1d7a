import { createReadStream, existsSync, readFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";

/** A proxy that listens. */
export interface GoProxy {
  url: string;
  close(): void;
}

/**
 * Serves Go modules of this machine's module cache, in the versions that a go.mod names, as a module
 * proxy on the loopback interface: `go mod tidy` resolves what a program imports without a network, and
 * to the same versions everywhere.
 *
 * @param manifest the go.mod
 * @param cache the module cache, `go env GOMODCACHE`
 */
export async function startGoProxy(manifest: string, cache: string): Promise<GoProxy> {
  const versions = versionsIn(readFileSync(manifest, "utf8"));
  const server = createServer((request, response) => {
    const path = decodeURIComponent((request.url ?? "/").slice(1));
    const [module = "", file] = path.split("/@v/");
    const cached = join(cache, "cache", "download", path);
    if (file === "list") response.end(versions.get(unescaped(module)) ?? "");
    else if (file && existsSync(cached)) createReadStream(cached).pipe(response);
    else response.writeHead(404).end();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}

/** The version of each module that a go.mod requires. */
function versionsIn(manifest: string): Map<string, string> {
  const requirements = manifest.matchAll(/^\t([\w./-]+) (v[\w.+-]+)/gm);
  return new Map([...requirements].map(([, module = "", version = ""]) => [module, version]));
}

/** A module's path as its go.mod has it: in URLs, `!p` stands for `P`. */
function unescaped(module: string): string {
  return module.replaceAll(/!([a-z])/g, (_, letter: string) => letter.toUpperCase());
}
