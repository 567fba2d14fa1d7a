import { checkBaseUrl, isLoopback } from "../process/base-url";
import { show } from "./values";

/** A configured address, and what is known of what it should be. */
export interface Address {
  /** What the program or the user calls it: `formations:citusUrl`, `FORMATIONS_CITUS_URL`. */
  name: string;
  value: string;
  /** The default of its key, if it has one. */
  usual?: string;
  /** Whether plain HTTP is allowed to any server. */
  allowHttp: boolean;
  /** The key that allows it. */
  allowHttpKey: string;
  /** The program made it a secret: no message shows it. */
  isSecret?: boolean;
}

/** Why an address can't be used, in whole sentences with the likely right one; undefined: it can. */
export function addressProblem(address: Address): string | undefined {
  const { name, value, allowHttp, allowHttpKey } = address;
  // `localhost:8080` would be read as a URL of the scheme `localhost`.
  const { problem, flaw } = checkBaseUrl(value.includes("://") ? value : "", allowHttp);
  if (problem === undefined) return undefined;
  const shown = isShowable(address) ? show(value) : "(not shown, since it may hold a secret)";
  switch (flaw) {
    case "unreadable":
    case "scheme":
      return `${name} is ${shown}, which is not a URL${flaw === "scheme" ? " of the web" : ""}.${didYouMean(address)}`;
    case "plain":
      return (
        `${name} is ${shown}: over plain HTTP, anyone on the network could read the credential. ` +
        `Use https://, or set ${allowHttpKey} to true inside a private network.`
      );
    case "real":
      return `${name}: ${problem}.`;
    default:
      return `${name}: ${problem}, which a base URL must not have.`;
  }
}

/**
 * A warning of an address that has no path where the API usually has one: a proxy may serve it at the
 * root, but a path that was forgotten is likelier.
 */
export function addressWarning(address: Address): string | undefined {
  const { name, value, usual } = address;
  const path = pathOf(usual);
  const url = URL.parse(value);
  if (path === "/" || !url || url.pathname !== "/" || !isShowable(address)) return undefined;
  return `${name} is ${show(value)}, which has no path. The API is usually at ${url.origin}${path}.`;
}

/** A text with an `@` may contain credentials. */
function isShowable({ value, isSecret }: Address): boolean {
  return !isSecret && !value.includes("@");
}

/** ` Did you mean https://citus.example.com/api/v1?`, or nothing. */
function didYouMean(address: Address): string {
  if (!isShowable(address)) return "";
  const rest = address.value.replace(/^[a-z]*:?\/+/i, "");
  const host = URL.parse(`http://${rest}`);
  if (!host?.hostname.match(/^\[|\.|^localhost$/)) return "";
  const origin = `${isLoopback(host) ? "http" : "https"}://${host.host}`;
  const path = host.pathname === "/" ? pathOf(address.usual) : host.pathname;
  return ` Did you mean ${origin}${path === "/" ? "" : path}?`;
}

function pathOf(usual: string | undefined): string {
  return URL.parse(usual ?? "")?.pathname ?? "/";
}
