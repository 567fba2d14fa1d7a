/**
 * Sizes for an editor to offer, and to notice a slip of the pen. Each Akkeris has its own, which
 * `GET /sizes` lists: others are let through with a warning.
 */
export const sizes = ["gp1", "gp2", "gp3", "gp4"] as const;

/**
 * Whether a size that was asked for is the one that the server has: in a space tagged
 * `compliance=prod` the server appends `-prod` to what it is sent, and refuses what already ends so.
 */
export function isSameSize(asked: string, onServer: string): boolean {
  return asked === onServer || `${asked}-prod` === onServer;
}
