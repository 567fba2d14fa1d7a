/** What asking an address came to: it is dead, or it could not be told. */
export interface Finding {
  link: string;
  is: "dead" | "unknown";
  why: string;
}

/** Addresses that only stand for one, or that are on the reader's own machine. */
const notAsked =
  /^(?!https?:)|^https?:\/\/(localhost|127\.0\.0\.1|\[::1\]|([\w-]+\.)*example\.(com|org|net))\b/;

/** The addresses among links that can be asked, each once and without its anchor. */
export function addressesOf(links: readonly string[]): string[] {
  const addresses = links
    .filter((link) => !notAsked.test(link))
    .map((link) => link.replace(/#.*/, ""));
  return [...new Set(addresses)].sort();
}

const tries = 3;
const atOnce = 8;

/**
 * Asks each address.
 *
 * @param pauseMs between two tries at an address that failed. Default: 5 s
 * @returns what is dead (404, 410, an unknown host) or can't be told (other errors), none for the rest
 */
export async function ask(addresses: readonly string[], pauseMs = 5_000): Promise<Finding[]> {
  const found: Finding[] = [];
  const waiting = [...addresses];
  const work = async () => {
    for (let link = waiting.shift(); link !== undefined; link = waiting.shift()) {
      const finding = await askOne(link, pauseMs);
      if (finding) found.push(finding);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, work));
  return found.toSorted((a, b) => a.link.localeCompare(b.link));
}

async function askOne(link: string, pauseMs: number): Promise<Finding | undefined> {
  for (let left = tries; ; left--) {
    const finding = await request(link);
    if (finding === undefined || left <= 1) return finding;
    await new Promise((resolve) => setTimeout(resolve, pauseMs));
  }
}

async function request(link: string): Promise<Finding | undefined> {
  try {
    const { status, body } = await fetch(link, { signal: AbortSignal.timeout(30_000) });
    await body?.cancel();
    if (status < 400) return undefined;
    return { link, is: status === 404 || status === 410 ? "dead" : "unknown", why: `${status}` };
  } catch (error) {
    const cause = error instanceof Error ? error.cause : undefined;
    const code = cause instanceof Error && "code" in cause ? String(cause.code) : String(error);
    return { link, is: code === "ENOTFOUND" ? "dead" : "unknown", why: code };
  }
}
