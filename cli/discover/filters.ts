import { resources, systems } from "../../provider";
import { FormationsError } from "../../provider/errors";
import type { Definition, System } from "../../provider/resource/definition";
import { isListable, type Listable } from "../../provider/resource/listing";
import { didYouMean } from "../../provider/resource/suggestions";
import { show, type Values } from "../../provider/resource/values";

/** What of all that exists is wanted. Every part that is given must fit. */
export interface Filters {
  /** Names of systems: `citus`, `Crunchy Bridge`. Default: all. */
  system?: readonly string[];
  /** Patterns of names, with `*` and `?`; one of them must fit. */
  name?: readonly string[];
  /** The region, as the system spells it. */
  region?: string;
  /** Apps, by name or ID; only these are listed. */
  app?: readonly string[];
  /** The environment that something is marked as: `production`. */
  environment?: string;
}

/** The flags name something that does not exist, or ask for what can't be together. */
export class WrongDiscovery extends FormationsError {
  readonly code = "WRONG_DISCOVERY";
}

/** The filters that are about a property, by the names that resources have for it. */
const properties = {
  region: ["region", "regionId"],
  app: ["app"],
  environment: ["environment"],
} as const;

type Criterion = keyof typeof properties;

const criteria = Object.keys(properties) as Criterion[];

/** Filters, ready to be used. */
export class Scope {
  readonly #filters: Filters;
  readonly #names: readonly RegExp[];
  readonly #systems: ReadonlySet<System>;

  /** @throws WrongDiscovery if a system does not exist, with the likely right one */
  constructor(filters: Filters) {
    this.#filters = filters;
    this.#names = (filters.name ?? []).map(patternOf);
    const wanted = filters.system ?? [];
    this.#systems = new Set(wanted.length > 0 ? wanted.map(systemNamed) : systems);
  }

  /**
   * The resources that are listed, of each system.
   *
   * @throws WrongDiscovery if there are none, or if no app can have one of the names
   */
  definitions(): Map<System, Listable[]> {
    const wanted = resources.filter(
      (one): one is Listable => isListable(one) && this.#systems.has(one.system) && this.#fits(one),
    );
    for (const one of wanted) this.#demandApps(one);
    if (wanted.length > 0) return Map.groupBy(wanted, ({ system }) => system);
    const given = criteria.filter((one) => this.#isGiven(one)).map((one) => `--${one}`);
    throw new WrongDiscovery(
      `Nothing that is listed of ${[...this.#systems].map(({ title }) => title).join(", ")} has what ${given.join(" and ")} asks for.`,
    );
  }

  /**
   * What the lists of a resource are asked for: one list per query.
   *
   * @param urls further servers whose resources are listed, where resources can name their server
   */
  queries({ listing }: Listable, urls: readonly string[]): Values[] {
    const takes = (key: string) => key in listing.query.shape;
    const apps = [...new Set(this.#filters.app)];
    if (apps.length > 0 && takes("app")) return apps.map((app) => ({ app }));
    return [{}, ...(takes("url") ? urls.map((url) => ({ url })) : [])];
  }

  /**
   * Whether a resource is wanted.
   *
   * @param state what is known of it
   * @param isWhole whether that is all that there is
   * @returns undefined: that depends on what is not known
   */
  admits(definition: Listable, name: string, state: Values, isWhole: boolean): boolean | undefined {
    if (this.#names.length > 0 && !this.#names.some((one) => one.test(name))) return false;
    const verdicts = criteria.map((one) => this.#judge(definition, one, state, isWhole));
    if (verdicts.includes(false)) return false;
    return verdicts.includes(undefined) ? undefined : true;
  }

  /** Whether a list of what is wanted would show a resource of a stack, if it exists. */
  covers(definition: Listable, name: string, state: Values): boolean {
    const isOfApp =
      !this.#isGiven("app") || this.#filters.app?.includes(String(state.app)) === true;
    return isOfApp && this.admits(definition, name, state, true) === true;
  }

  #judge(
    definition: Listable,
    criterion: Criterion,
    state: Values,
    isWhole: boolean,
  ): boolean | undefined {
    const wanted = this.#filters[criterion];
    const property = propertyOf(definition, criterion);
    if (!this.#isGiven(criterion)) return true;
    if (property === undefined) return false;
    const value = state[property];
    if (value === undefined && !isWhole) return undefined;
    if (criterion === "app") {
      // The list is of these apps alone, whichever spelling it has of them.
      return (
        criterion in definition.listing.query.shape || wanted?.includes(String(value)) === true
      );
    }
    return (value ?? "") === wanted;
  }

  #demandApps({ listing }: Listable): void {
    for (const app of this.#filters.app ?? []) {
      const [issue] = listing.query.safeParse({ app }).error?.issues ?? [];
      if (issue) throw new WrongDiscovery(`--app: ${show(app)} is not valid: ${issue.message}.`);
    }
  }

  #isGiven(criterion: Criterion): boolean {
    const wanted = this.#filters[criterion];
    return wanted !== undefined && (typeof wanted === "string" || wanted.length > 0);
  }

  /** Whether a resource has all that the filters are about. */
  #fits(definition: Listable): boolean {
    return criteria.every(
      (one) => !this.#isGiven(one) || propertyOf(definition, one) !== undefined,
    );
  }
}

/** The region that a resource is in, if it has one. */
export function regionOf(definition: Definition, state: Values): string | undefined {
  const value = state[propertyOf(definition, "region") ?? ""];
  return typeof value === "string" ? value : undefined;
}

function propertyOf({ inputs, outputs }: Definition, criterion: Criterion): string | undefined {
  return properties[criterion].find((key) => key in inputs.shape || key in outputs.shape);
}

function systemNamed(given: string): System {
  const plain = (text: string) => text.toLowerCase().replaceAll(/[^a-z0-9]/g, "");
  const found = systems.find(({ name, title }) => [name, title].map(plain).includes(plain(given)));
  if (found) return found;
  const names = systems.map(({ name }) => name);
  throw new WrongDiscovery(
    `--system: "${given}" is not a valid system. Systems: ${names.join(", ")}.${didYouMean(given, names)}`,
  );
}

/** A pattern with `*` (any text) and `?` (one character); upper and lower case differ. */
function patternOf(pattern: string): RegExp {
  const parts = [...pattern.replaceAll(/\*+/g, "*")].map((one) =>
    one === "*" ? ".*" : one === "?" ? "." : one.replace(/[\\^$.|+()[\]{}]/, "\\$&"),
  );
  return new RegExp(`^${parts.join("")}$`, "su");
}
