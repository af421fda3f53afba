/** Counts in memory, per window and key; the number of keys is bounded, whoever floods. */

export interface RateLimit {
  /** 0 when it may pass, else the seconds to wait. */
  take(key: string, nowMs: number): number;
}

const MAX_KEYS = 10_000;

export function createRateLimit(limit: number, windowMs: number): RateLimit {
  const counts = new Map<string, { count: number; endsAt: number }>();
  return {
    take(key, nowMs) {
      const known = counts.get(key);
      if (known !== undefined && known.endsAt > nowMs) {
        known.count++;
        return known.count > limit ? Math.ceil((known.endsAt - nowMs) / 1_000) : 0;
      }
      // Taken out first: a map keeps the order of insertion, so that the oldest key is always the first.
      counts.delete(key);
      if (counts.size >= MAX_KEYS) counts.delete(counts.keys().next().value ?? '');
      counts.set(key, { count: 1, endsAt: nowMs + windowMs });
      return limit < 1 ? Math.ceil(windowMs / 1_000) : 0;
    },
  };
}

/** An IPv6 subscriber has a /64 at least: its addresses count as one. */
export function clientKey(ip: string): string {
  if (!ip.includes(':') || ip.startsWith('::ffff:')) return ip.replace('::ffff:', '');
  const [head = ''] = ip.split('::');
  return head.split(':').slice(0, 4).join(':');
}
