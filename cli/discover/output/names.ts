import { logicalName } from "../../../provider/resource/urn";
import type { Values } from "../../../provider/resource/values";
import type { Found } from "../model";

/** A resource that exists, with the names that a program has for it. */
export interface Named {
  found: Found;
  /** Its name in Pulumi: unique among all, whatever their types. */
  name: string;
  /** The program's variable: a valid name in every language of Pulumi's, unique too. */
  variable: string;
}

/** What no variable is called: words of the languages, and what programs import. */
const reserved = new Set(
  [
    "abstract and as assert async await bool boolean break byte case catch chan char class const continue",
    "debugger decimal def default defer del delete do double elif else enum eval except exec export extends",
    "fallthrough false final finally float fn for foreach from func function get global go goto if implements",
    "import in init int interface internal is lambda let list lock long main map match module namespace native",
    "new nil nonlocal none not null object operator or out override package params pass print private protected",
    "public raise range readonly record ref require return sbyte sealed select self set short static str strictfp",
    "string struct super switch synchronized this throw throws transient true try type typeof undefined var",
    "virtual void volatile while with yield",
    "arguments config cwd entries exports formations invoke options output outputs path process project pulumi",
    "resource resources secret stack variables",
  ].flatMap((line) => line.split(" ")),
);

/**
 * Names what was found after what the servers call it: `events`, `shop-dev-web`. Names that clash get what
 * tells them apart: the kind, the provider, the region, the server or the beginning of the ID, whichever comes first.
 * The same resources get the same names, in whichever order they come.
 *
 * @param taken names that the stack has already
 * @param variables that the program has already
 */
export function named(
  found: readonly Found[],
  taken: Iterable<string> = [],
  variables: Iterable<string> = [],
): Named[] {
  const names = namesOf(found, new Set(taken));
  const used = new Set([...reserved, ...variables]);
  return found.map((one) => {
    const name = names.get(one) ?? "";
    return { found: one, name, variable: unused(variableOf(name, one), used, "") };
  });
}

function namesOf(found: readonly Found[], taken: ReadonlySet<string>): Map<Found, string> {
  const groups = Map.groupBy(found, stemOf);
  const names = new Map<Found, string>();
  const used = new Set(taken);
  const clashing: [stem: string, group: Found[]][] = [];
  for (const [stem, group] of groups) {
    const [only] = group;
    if (only && group.length === 1 && !used.has(stem)) names.set(only, unused(stem, used, "-"));
    else clashing.push([stem, group]);
  }
  for (const [stem, group] of clashing) {
    const tell = tellingApart(group);
    for (const one of group.toSorted(byPlace)) {
      names.set(one, unused([stem, tell(one)].filter(Boolean).join("-"), used, "-"));
    }
  }
  return names;
}

/** Ways to tell resources of one name apart, the most readable first. */
const differences: ((one: Found) => string)[] = [
  kindOf,
  ({ account: { provider } }) => (provider ? slug(logicalName(provider)) : ""),
  ({ state }) => slug(regionOf(state)),
  ({ account, state }) => slug(URL.parse(String(state.url ?? account.server))?.host ?? ""),
  ({ id }) => slug(id).slice(0, 7),
];

function tellingApart(group: readonly Found[]): (one: Found) => string {
  const [byKind] = differences;
  const isDistinct = (way: (one: Found) => string) => new Set(group.map(way)).size === group.length;
  return differences.find(isDistinct) ?? byKind ?? kindOf;
}

/** An order that does not depend on how the servers list. */
function byPlace(a: Found, b: Found): number {
  const key = ({ definition, account, id }: Found) =>
    JSON.stringify([definition.name, account.provider ?? "", id]);
  return key(a) < key(b) ? -1 : 1;
}

/** A name that nobody has yet, with a number if need be; from now on it is used. */
function unused(wanted: string, used: Set<string>, separator: string): string {
  let name = wanted;
  for (let at = 2; used.has(name); at++) name = `${wanted}${separator}${at}`;
  used.add(name);
  return name;
}

/** What the server calls it, as far as a logical name can say that. */
function stemOf(one: Found): string {
  return slug(one.name) || kindOf(one);
}

/** A text in letters and digits without accents, `.`, `_` and `-`. */
function slug(text: string): string {
  const plain = text.normalize("NFKD").replaceAll(/\p{M}+/gu, "");
  return plain.replaceAll(/[^A-Za-z0-9._-]+/g, "-").replaceAll(/^[-.]+|[-.]+$/g, "");
}

/** The resource's kind, as a part of a name: `app-formation`. */
function kindOf({ definition }: Found): string {
  return definition.name.replaceAll(/(?<=[a-z])(?=[A-Z])/g, "-").toLowerCase();
}

function regionOf({ region, regionId }: Values): string {
  return String(region ?? regionId ?? "");
}

function variableOf(name: string, one: Found): string {
  const variable = camelCase(name);
  const isValid = /^[a-z]/.test(variable) && !reserved.has(variable.toLowerCase());
  return isValid ? variable : camelCase(`${kindOf(one)}-${name}`);
}

function camelCase(text: string): string {
  const words = text.split(/[^A-Za-z0-9]+/).filter(Boolean);
  const [first = "", ...others] = words;
  const head = first === first.toUpperCase() ? first.toLowerCase() : lowerFirst(first);
  return [head, ...others.map((word) => word.charAt(0).toUpperCase() + word.slice(1))].join("");
}

function lowerFirst(word: string): string {
  return word.charAt(0).toLowerCase() + word.slice(1);
}
