/** Thrown instead of an allocation that no file of that size needs. */
export class TooMuchMemory extends Error {
  constructor(what: string, bytes: number) {
    super(`${what} was asked for ${bytes} bytes in all.`);
  }
}

const constructors = [
  "ArrayBuffer",
  "Uint8Array",
  "Uint16Array",
  "Uint32Array",
  "Float32Array",
  "Float64Array",
  "BigInt64Array",
] as const;

/**
 * Runs something, adding up what typed arrays are made with; above `most` bytes the constructor throws `TooMuchMemory`.
 *
 * @returns the result, and the bytes
 */
export async function watchAllocations<T>(most: number, run: () => Promise<T>): Promise<{ result: T; bytes: number }> {
  const scope = globalThis as unknown as Record<string, new (...args: unknown[]) => object>;
  const originals = constructors.map((name) => [name, scope[name]!] as const);
  let bytes = 0;
  for (const [name, original] of originals) {
    const each = (original as unknown as { BYTES_PER_ELEMENT?: number }).BYTES_PER_ELEMENT ?? 1;
    scope[name] = new Proxy(original, {
      construct(target, args: unknown[], newTarget) {
        const [first] = args;
        // A buffer as the first argument is looked at, not copied.
        const isView = first instanceof (originals[0]![1] as unknown as typeof ArrayBuffer);
        const count = typeof first === "number" ? first : isView ? 0 : ((first as { length?: number })?.length ?? 0);
        bytes += count * each;
        if (bytes > most) throw new TooMuchMemory(name, bytes);
        return Reflect.construct(target, args, newTarget === scope[name] ? target : newTarget);
      },
    });
  }
  try {
    const result = await run();
    if (bytes > most) throw new TooMuchMemory("Memory", bytes); // whoever caught the first one
    return { result, bytes };
  } finally {
    for (const [name, original] of originals) scope[name] = original;
  }
}
