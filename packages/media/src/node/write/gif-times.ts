/** A frame and how long it is shown, in hundredths of a second. */
export interface Shown<T> {
  readonly value: T;
  readonly delay: number;
}

/** Browsers show delays of one hundredth for ten, so two is the shortest that works. */
const SHORTEST = 2;
/** The field has 16 bits. */
const LONGEST = 65535;

/**
 * Turns times into GIF delays.
 *
 * Every frame ends at its own time rounded to hundredths, so errors do not add up and the total is kept. A frame that
 * comes less than 20 ms after the one before it is left out; that one is shown longer. A delay that does not fit its
 * field is split, once for every 11 minutes: the caller bounds the times.
 */
export function gifTimes<T>(): {
  next(value: T, timestamp: number): readonly Shown<T>[];
  end(duration: number): readonly Shown<T>[];
} {
  let held: { value: T; at: number } | undefined;
  const showUntil = ({ value, at }: { value: T; at: number }, until: number): Shown<T>[] => {
    const shown: Shown<T>[] = [];
    for (let left = until - at; left > 0; ) {
      // The rest of a split delay must not be too short either.
      const delay = left > LONGEST ? Math.min(LONGEST, left - SHORTEST) : left;
      shown.push({ value, delay });
      left -= delay;
    }
    return shown;
  };
  return {
    next(value, timestamp) {
      const at = Math.round(timestamp * 100);
      if (held && at - held.at < SHORTEST) return [];
      const shown = held ? showUntil(held, at) : [];
      held = { value, at };
      return shown;
    },
    end(duration) {
      if (!held) return [];
      return showUntil(held, Math.max(Math.round(duration * 100), held.at + SHORTEST));
    },
  };
}
