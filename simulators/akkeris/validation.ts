import { isObject } from "./row.ts";

type Payload = Record<string, unknown>;

/** A check and what the controller says where it does not hold. */
type Check = [holds: (payload: Payload, sizes: string[]) => boolean, text: string];

function isIntegerWithin(value: unknown, least: number, most: number): boolean {
  return typeof value === "number" && Number.isInteger(value) && value >= least && value <= most;
}

const isWeb = (payload: Payload): boolean => payload.type === "web";

const imageText = "A tag must be specified for the one-off image option, but no tag was found.";
const envText = "The env option must be an object consisting of at least one key-value pair.";

/** In the controller's order: the first that fails is the answer. */
const checks: Check[] = [
  [
    ({ size }, sizes) => size === undefined || (typeof size === "string" && sizes.includes(size)),
    "The payload size was not recognized.",
  ],
  [
    ({ type }) => typeof type === "string" && /^[a-z0-9]+$/.test(type),
    "The type specified was invalid, it cannot contain spaces or special characters (lower case alpha numeric only)",
  ],
  [
    ({ quantity }) => quantity === undefined || isIntegerWithin(quantity, 0, 32),
    "The number of instances must be between 0 and 32.",
  ],
  [
    ({ port }) => port === undefined || port === null || isIntegerWithin(port, 1024, 65535),
    "The specified port is invalid, it must be a number between 1024 and 65535.",
  ],
  [
    (payload) => isWeb(payload) || !payload.port,
    "A port was specified for a non-web based application, the port should not be set.",
  ],
  [
    (payload) => isWeb(payload) || !payload.healthcheck,
    "A healthcheck was specified for a non-web based application, the path should not be set.",
  ],
  [
    (payload) => isWeb(payload) || !payload.removeHealthcheck,
    "Cannot remove healthcheck on non web based dyno.",
  ],
  [
    (payload) => isWeb(payload) || Boolean(payload.oneoff) || Boolean(payload.command),
    "A run command must be specified for any type outside of a web process.",
  ],
  [
    (payload) => !payload.oneoff || !isWeb(payload),
    "A web formation cannot be a one-off formation.",
  ],
  [
    (payload) => !payload.oneoff || !payload.instances,
    "Invalid number of instances for one-off formation - must be null or 0",
  ],
  [
    ({ options }) => !options || typeof options === "object",
    "The options specified were not recognized",
  ],
  [
    (payload) => {
      const { image } = oneoffOptions(payload);
      if (image === undefined || image === null || image === false) return true;
      return typeof image === "string" && image.trim() !== "";
    },
    "The one-off image specified was invalid - must be a non-empty string",
  ],
  [
    (payload) => {
      const { image } = oneoffOptions(payload);
      return typeof image !== "string" || /^.+:[\w.-]+$/.test(image.trim());
    },
    imageText,
  ],
  [
    (payload) => {
      const { env } = oneoffOptions(payload);
      if (env === undefined || env === null || env === false) return true;
      return typeof env === "object" && Object.keys(env).length > 0;
    },
    envText,
  ],
  [
    (payload) => {
      const { env } = oneoffOptions(payload);
      return !isObject(env) || Object.values(env).every((value) => typeof value === "string");
    },
    "Invalid env value: env option must be an object consisting of at least one key-value pair.",
  ],
];

/** Only a one-off's options are looked into. */
function oneoffOptions({ oneoff, options }: Payload): Payload {
  return oneoff && isObject(options) ? options : {};
}

/**
 * What is wrong with a creation or a change, in the controller's words, or undefined.
 * Unknown keys and the healthcheck's content are not looked at.
 * @param sizes the names of `GET /sizes`; compared exactly.
 */
export function complaint(payload: Payload, sizes: string[]): string | undefined {
  return checks.find(([holds]) => !holds(payload, sizes))?.[1];
}
