const WORD = 2n ** 64n;

/**
 * Different float64 numbers with the same hash in V8's Map: its mixing of 64 bits (`ComputeLongHash`) has no seed, and
 * each of its steps can be undone.
 */
export function collidingNumbers(count: number): Float64Array {
  const numbers = new Float64Array(count);
  const bits = new BigUint64Array(numbers.buffer);
  // Of the hash, the lower 30 bits are kept.
  for (let found = 0, upper = 1n; found < count; upper++) {
    bits[found] = unmixed((upper << 30n) | 5n);
    if (Number.isFinite(numbers[found]) && Math.abs(numbers[found]!) > 1e-300) found++;
  }
  return numbers;
}

function unmixed(hash: bigint): bigint {
  let value = unshifted(hash, 22n);
  value = (value * inverse(65n)) % WORD;
  value = unshifted(value, 11n);
  value = (value * inverse(21n)) % WORD;
  value = unshifted(value, 31n);
  return ((value + 1n) * inverse(2n ** 18n - 1n)) % WORD;
}

/** Undoes `value ^ (value >> by)`. */
function unshifted(mixed: bigint, by: bigint): bigint {
  let value = mixed;
  for (let known = by; known < 64n; known += by) value = mixed ^ (value >> by);
  return value;
}

/** The inverse of an odd number modulo 2^64, by Newton's method. */
function inverse(odd: bigint): bigint {
  let value = 1n;
  for (let step = 0; step < 7; step++) value = (value * (WORD + 2n - ((odd * value) % WORD))) % WORD;
  return value;
}
