import { isOlder } from "./is-older";

/*
 * Any Node.js can run this file, so that one that is too old for the rest can say so.
 */

/**
 * The oldest `@pulumi/pulumi` that runs programs with the classes, as tried: a program may have an older
 * one than this package asks for, which then has a copy of its own.
 */
const oldest = [3, 150] as const;

/** The same for people: `3.150`. */
export const oldestSdk = oldest.join(".");

/** Whether a version of `@pulumi/pulumi` is too old for the classes. One in another form counts as new enough. */
export function isSdkTooOld(version: string): boolean {
  return isOlder(version, oldest);
}
