import type { Listable } from "../../provider/resource/listing";
import type { CommandCall } from "../call";
import { grouped } from "../explain/output/excerpt";
import type { Account } from "./model";
import { counted } from "./words";

/** How far one kind of resource of one account is. */
interface Part {
  title: string;
  /** `7 of 12 formations read`. */
  text: string;
  /** Why and how long a request waits, until the next step. */
  wait?: string;
}

/** How far the parts of an inventory are, in one text. */
export class Progress {
  readonly #call: CommandCall;
  readonly #parts = new Map<string, Part>();

  constructor(call: CommandCall) {
    this.#call = call;
  }

  /** Shows how many resources of a list were listed so far. */
  ofList(account: Account, definition: Listable): (count: number) => void {
    return (count) => this.#step(account, definition, `${counted(count, definition)} listed`);
  }

  /** Shows how many of a list were read so far. */
  ofReads(account: Account, definition: Listable, total: number): (count: number) => void {
    return (count) =>
      this.#step(account, definition, `${grouped(count)} of ${counted(total, definition)} read`);
  }

  /** A call whose waits are shown beside how far its part is. */
  callOf(account: Account, definition: Listable): CommandCall {
    const onWait = (wait: string) => {
      this.#call.onWait(wait);
      const { text = "" } = this.#parts.get(keyOf(account, definition)) ?? {};
      this.#show(account, definition, { title: account.title, text, wait });
    };
    return { ...this.#call, onWait };
  }

  #step(account: Account, definition: Listable, text: string): void {
    this.#show(account, definition, { title: account.title, text });
  }

  #show(account: Account, definition: Listable, part: Part): void {
    this.#parts.set(keyOf(account, definition), part);
    this.#call.progress?.([...this.#parts.values()].map(textOf).join("; "));
  }
}

function keyOf({ title }: Account, { name }: Listable): string {
  return `${title} ${name}`;
}

/** A wait names its system. */
function textOf({ title, text, wait }: Part): string {
  return wait === undefined ? `${title}: ${text}` : `${wait} ${text}`.trim();
}
