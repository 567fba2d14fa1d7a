import { isUuid } from "../resource/values";

const alphabet = "abcdefghijklmnopqrstuvwxyz234567";
const eidPattern = /^[a-z2-7]{25}[aeimquy4]$/;

/**
 * The EID of an EID or a UUID; undefined if the text is neither. An EID is 128 bits in lower-case
 * base32 without padding: 26 characters, of which the last holds only three bits.
 */
export function toEid(id: string): string | undefined {
  if (eidPattern.test(id)) return id;
  if (!isUuid(id)) return undefined;
  let bits = BigInt(`0x${id.replaceAll("-", "")}`) << 2n;
  let eid = "";
  for (let letter = 0; letter < 26; letter += 1) {
    eid = alphabet.charAt(Number(bits & 31n)) + eid;
    bits >>= 5n;
  }
  return eid;
}

/** The UUID, in lower case, of an EID or a UUID; undefined if the text is neither. */
export function toUuid(id: string): string | undefined {
  if (isUuid(id)) return id.toLowerCase();
  if (!eidPattern.test(id)) return undefined;
  const bits = [...id].reduce((sum, letter) => (sum << 5n) | BigInt(alphabet.indexOf(letter)), 0n);
  const hex = (bits >> 2n).toString(16).padStart(32, "0");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

/** Whether two IDs encode the same 128 bits, whichever of the two spellings each has. */
export function sameId(a: unknown, b: unknown): boolean {
  return canonical(a) === canonical(b);
}

/** An ID as an EID. Anything else that a server may return is left unchanged. */
export function canonical<T>(id: T): T | string {
  return typeof id === "string" ? (toEid(id) ?? id) : id;
}
