import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { extname, join } from "node:path";
import type { BuiltSite } from "./build.ts";

const types: Readonly<Record<string, string>> = {
  ".css": "text/css",
  ".html": "text/html",
  ".js": "text/javascript",
  ".json": "application/json",
  ".md": "text/markdown; charset=utf-8",
  ".png": "image/png",
  ".svg": "image/svg+xml",
  ".txt": "text/plain; charset=utf-8",
  ".wasm": "application/wasm",
};

/** A site that is being served. */
export interface ServedSite {
  /** Its home page's address. */
  url: string;
  close(): void;
}

/**
 * Serves a built site on this machine, as GitHub Pages would: a folder by its `index.html`, and what is not
 * there by `404.html`.
 *
 * @param port 0: any free one
 */
export async function serveSite({ folder, base }: BuiltSite, port = 0): Promise<ServedSite> {
  const server = createServer(async (request, response) => {
    const { pathname } = new URL(request.url ?? "/", "http://127.0.0.1");
    const path = pathname.startsWith(`${base}/`) ? pathname.slice(base.length) : "/404.html";
    const file = join(folder, path.endsWith("/") ? `${path}index.html` : path);
    try {
      const content = await readFile(file);
      const type = types[extname(file)] ?? "application/octet-stream";
      response.writeHead(200, { "content-type": type }).end(content);
    } catch {
      const missing = await readFile(join(folder, "404.html"));
      response.writeHead(404, { "content-type": "text/html" }).end(missing);
    }
  });
  await new Promise<void>((resolve) => server.listen(port, "127.0.0.1", resolve));
  const { port: taken } = server.address() as AddressInfo;
  const close = () => {
    server.close();
    server.closeAllConnections();
  };
  return { url: `http://127.0.0.1:${taken}${base}/`, close };
}
