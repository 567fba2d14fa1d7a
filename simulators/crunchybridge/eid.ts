import { randomBytes } from "node:crypto";

const alphabet = "abcdefghijklmnopqrstuvwxyz234567";
const eidPattern = /^[a-z2-7]{25}[aeimquy4]$/;
const uuidPattern = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** A new random EID: 128 bits in lower-case base32, 26 characters, the last from `aeimquy4`. */
export function newEid(): string {
  return encode(randomBytes(16));
}

/** The EID that an EID or a UUID names; undefined where the text is neither. */
export function toEid(text: string): string | undefined {
  if (eidPattern.test(text)) return text;
  if (!isUuid(text)) return undefined;
  return encode(Buffer.from(text.replaceAll("-", ""), "hex"));
}

/** Whether the text is a UUID of any version. */
export function isUuid(text: string): boolean {
  return uuidPattern.test(text);
}

/** The UUID of an EID. */
export function toUuid(eid: string): string {
  let bits = 0n;
  for (const letter of eid) bits = (bits << 5n) | BigInt(alphabet.indexOf(letter));
  // 26 letters are 130 bits: the last two are padding.
  const hex = (bits >> 2n).toString(16).padStart(32, "0");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

function encode(bytes: Buffer): string {
  let bits = BigInt(`0x${bytes.toString("hex")}`) << 2n;
  let eid = "";
  for (let index = 0; index < 26; index += 1) {
    eid = alphabet.charAt(Number(bits & 31n)) + eid;
    bits >>= 5n;
  }
  return eid;
}
