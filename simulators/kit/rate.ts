/** So many requests in any sixty simulated seconds; refused ones don't count. */
export class RateWindow {
  private accepted: number[] = [];

  /**
   * Counts a request in, or refuses it.
   * @param now simulated milliseconds since the epoch.
   * @param perMinute how many are let through; Infinity lets all through.
   * @returns undefined when let through, else whole seconds until the next one would be.
   */
  take(now: number, perMinute: number): number | undefined {
    this.accepted = this.accepted.filter((at) => at > now - 60_000);
    if (this.accepted.length < perMinute) {
      this.accepted.push(now);
      return undefined;
    }
    const oldest = this.accepted[this.accepted.length - Math.max(1, perMinute)] ?? now;
    return Math.max(1, Math.ceil((oldest + 60_000 - now) / 1000));
  }
}
