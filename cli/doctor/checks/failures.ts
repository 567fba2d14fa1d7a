import type { FormationsError } from "../../../provider/errors";
import {
  Forbidden,
  HttpError,
  NoAnswer,
  NotFound,
  RateLimited,
  ServerFailure,
  Unauthorized,
} from "../../../provider/http/errors";
import { proxyOf } from "../../../provider/http/pool";
import { isLoopback } from "../../../provider/process/base-url";
import { systemClock } from "../../../provider/process/clock";
import { configNamespace } from "../../../provider/resource/config";
import { inUtc } from "../../terminal/time";
import { type Check, inWords, type Section } from "../model";
import { pauseOf } from "./budget";
import type { Configured } from "./configuration";

/** What the failure of an account's request says, and what to do about it. */
export async function failureChecks(
  one: Configured,
  error: FormationsError,
  at: Section,
): Promise<Check[]> {
  const { account, address } = one;
  const { name, title } = account.system;
  const reached = at.ok(`${name}.server`, `${address.value} responds.`);
  if (error instanceof Unauthorized) return [reached, rejected(one, error, at)];
  if (error instanceof Forbidden) {
    const words = `${title} refuses to let ${holder(one)} read: ${saidBy(error)}`;
    const cure = `It has too few rights, or is of another team or account: use one that may read${newOne(one)}.`;
    return [reached, at.problem(`${name}.credential`, words, cure)];
  }
  if (error instanceof RateLimited) {
    const cure = await limitCure(one, error);
    return [reached, at.problem(`${name}.budget`, inWords(error), cure)];
  }
  const unread = at.skipped(`${name}.credential`, "No response says whether it may read.");
  const told =
    error instanceof NoAnswer ? unreachable(one, error) : [inWords(error), otherCure(one, error)];
  const [found = "", cure] = told;
  return [at.problem(`${name}.server`, found, cure), unread];
}

/** When the next request may be sent. */
async function limitCure({ account }: Configured, { retryAfterMs }: RateLimited): Promise<string> {
  const pause = await pauseOf(account, systemClock.now());
  if (pause !== undefined) return pause;
  if (retryAfterMs === undefined) return "Try again later.";
  return `Try again after ${inUtc(systemClock.now() + retryAfterMs)}.`;
}

/** What to do where there was a response, which is not one to a harmless request. */
function otherCure(one: Configured, error: FormationsError): string | undefined {
  if (error instanceof ServerFailure) {
    return "The server itself fails: try again later, or ask those who run it.";
  }
  // Errors of these kinds have the advice of their systems.
  if (!(error instanceof HttpError) || error.isWrongAddress || error.isProxy) return undefined;
  return error instanceof NotFound || error.code === "BAD_ANSWER"
    ? `Check that ${addressOf(one)} is the API's address.`
    : undefined;
}

/** What is wrong with the way to a server, by the code of the failure. */
const cures: readonly [RegExp, (one: Configured) => string][] = [
  [
    /CERT_(?:HAS_EXPIRED|NOT_YET_VALID)/,
    () => "Check this machine's clock: if it is right, the server needs a new certificate.",
  ],
  [
    /ALTNAME_INVALID/,
    (one) =>
      `Its certificate is that of another host: check that ${addressOf(one)} has the right host.`,
  ],
  [
    /CERT|SELF_SIGNED|UNABLE_TO_/,
    () =>
      "If an authority of your own signs certificates, set NODE_EXTRA_CA_CERTS to the file with the authority's certificate.",
  ],
  [
    /EPROTO|ERR_(?:TLS|SSL)/,
    (one) =>
      `The port may not be one for HTTPS: check that ${addressOf(one)} has the right scheme and port.`,
  ],
  [
    /ENOTFOUND|EAI_AGAIN/,
    (one) => `Check this machine's network and DNS, and that ${addressOf(one)} has the right host.`,
  ],
];

function unreachable(one: Configured, error: NoAnswer): [found: string, cure: string] {
  const { account, address } = one;
  const { title } = account;
  const reason = error.what
    .replace(/^got no (?:complete )?response from \S+ /, "")
    .replace(/^within/, "no response came within");
  const known = cures.find(([code]) => code.test(/\((\w+)\)$/.exec(reason)?.[1] ?? ""))?.[1](one);
  if (error.isProxy) return [`${title} can't be reached: ${reason}.`, proxyCure(reason, known)];
  const usual = `Check that the server is up and that this machine may reach it, and that ${addressOf(one)} has the right address.`;
  const cure = `${known ?? usual}${remarkOnProxy(address.value)}`;
  return [`${title} can't be reached at ${address.value}: ${reason}.`, cure];
}

/** What to do about a proxy that could not be reached, or refused. */
function proxyCure(reason: string, known: string | undefined): string {
  const usual = "Check HTTPS_PROXY and HTTP_PROXY; NO_PROXY names hosts that need no proxy.";
  if (/status 407/.test(reason)) {
    return `It wants a user and a password: both belong before the host in the proxy's URL, percent-encoded. ${usual}`;
  }
  if (/status \d/.test(reason)) return `It may not allow this host. ${usual}`;
  return /CERT|SELF_SIGNED|UNABLE_TO_/.test(reason) && known ? `${known} ${usual}` : usual;
}

/** Where the environment has a proxy, it decides about the way, used or not. */
function remarkOnProxy(address: string): string {
  const url = URL.parse(address);
  const proxy = url && !isLoopback(url) ? proxyOf(url.protocol) : undefined;
  if (!proxy) return "";
  return ` The environment has the proxy ${proxy.host}, for all hosts that NO_PROXY does not name.`;
}

/** An account's address, by the place where it is set. */
function addressOf({ address }: Configured): string {
  return address.name ?? address.value;
}

function rejected(one: Configured, error: Unauthorized, at: Section): Check {
  const { name, title } = one.account.system;
  const id = `${name}.credential`;
  const { credential } = one;
  if (!credential) return at.problem(id, inWords(error));
  const expired = expiryOf(credential.value);
  if (expired !== undefined && expired < systemClock.now()) {
    return at.problem(
      id,
      `${credential.name} expired at ${inUtc(expired)}, and ${title} rejects it.`,
      `Create a new one${newOne(one)}.`,
    );
  }
  const cure = /^(["'`]).*\1$/.test(credential.value)
    ? "It is in quotation marks, which are part of no credential: set it without them."
    : `It is wrong, expired or revoked: create a new one${newOne(one)}.`;
  return at.problem(id, `${title} rejects ${credential.name}: ${saidBy(error)}`, cure);
}

function holder({ credential }: Configured): string {
  return credential?.name ?? "a request without a credential";
}

/** How to set a credential in the place where it is, to go on with. */
function newOne({ credential }: Configured): string {
  if (!credential) return "";
  const { name } = credential;
  if (name.startsWith(`${configNamespace}:`)) {
    return `, and set it with \`pulumi config set --secret ${name}\``;
  }
  if (name.endsWith("_FILE")) return `, and write it to the file that ${name} names`;
  return name.startsWith("provider ") ? `, and give it to ${name}` : `, and set ${name} to it`;
}

/** The server's words in quotes, or its status. */
function saidBy({ status, serverMessage }: HttpError): string {
  return serverMessage ? `"${serverMessage}" (${status}).` : `it returned ${status}.`;
}

/** When a JWT expires, in milliseconds since the epoch; undefined: it is not one, or does not say. */
export function expiryOf(credential: string): number | undefined {
  const [, payload = ""] = /^(?:\S+ )?[\w-]+\.([\w-]+)\.[\w-]*$/.exec(credential) ?? [];
  try {
    const { exp }: { exp?: unknown } = JSON.parse(Buffer.from(payload, "base64url").toString());
    return typeof exp === "number" ? exp * 1_000 : undefined;
  } catch {
    return undefined;
  }
}
