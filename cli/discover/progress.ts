import type { CommandCall } from "../call";
import { grouped } from "../explain/output/excerpt";
import type { Listable } from "./filters";
import type { Account } from "./model";
import { counted } from "./words";

/** How far the parts of an inventory are, in one text. */
export class Progress {
  readonly #call: CommandCall;
  readonly #parts = new Map<string, string>();

  constructor(call: CommandCall) {
    this.#call = call;
  }

  /** Shows how many resources of a list were listed so far. */
  ofList(account: Account, definition: Listable): (count: number) => void {
    return (count) => this.#show(account, definition, `${counted(count, definition)} listed`);
  }

  /** Shows how many of a list were read so far. */
  ofReads(account: Account, definition: Listable, total: number): (count: number) => void {
    return (count) =>
      this.#show(account, definition, `${grouped(count)} of ${counted(total, definition)} read`);
  }

  #show({ title }: Account, { name }: Listable, text: string): void {
    this.#parts.set(`${title} ${name}`, `${title}: ${text}`);
    this.#call.progress?.([...this.#parts.values()].join("; "));
  }
}
