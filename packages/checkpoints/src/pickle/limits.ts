/**
 * What one pickle may cost. An official checkpoint with all its optimizers needs about 40 000 operations, 20 000 memo
 * entries, 6 open marks and half a megabyte.
 */
export const pickleLimits = {
  operations: 1_000_000,
  memo: 500_000,
  /** Open marks: how deep lists, tuples and dictionaries are nested while they are built. */
  depth: 1_000,
  bytes: 64 * 2 ** 20,
  /** Bytes of one integer. */
  longBytes: 64,
} as const;
