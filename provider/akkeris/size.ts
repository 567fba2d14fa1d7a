/**
 * Whether a size that was asked for is the one that the server has: in a space tagged
 * `compliance=prod` the server appends `-prod` to what it is sent, and refuses what already ends so.
 */
export function isSameSize(asked: string, onServer: string): boolean {
  return asked === onServer || `${asked}-prod` === onServer;
}
