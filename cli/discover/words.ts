import type { Definition } from "../../provider/resource/definition";
import { grouped } from "../explain/output/excerpt";
import type { Account } from "./model";

/** What a resource is called in a sentence: `app formations`; `secrets`, after its system's title. */
export function nounOf({ name, system }: Definition, count: number): string {
  const words = name.split(/(?<=[a-z])(?=[A-Z])/);
  const [first = ""] = words;
  const own = words.length > 1 && system.title === first ? words.slice(1) : words;
  return `${own.join(" ").toLowerCase()}${count === 1 ? "" : "s"}`;
}

/** A number as people read it, with what it counts: `2,480 app formations`. */
export function counted(count: number, definition: Definition): string {
  return `${grouped(count)} ${nounOf(definition, count)}`;
}

/** A sentence about an account; where its system has several, the account's title is put before it. */
export function about({ title, system }: Account, sentence: string): string {
  return title === system.title ? sentence : `${title}: ${sentence}`;
}
