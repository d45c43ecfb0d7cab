import { BunrakuError } from "../contract/error.ts";

// std::bad_alloc, an arena that cannot grow, a size that does not fit 32 bits, and malloc in onnxruntime-web's own code.
const outOfMemory = /bad_alloc|failed to allocate|SafeIntOnOverflow|out of memory|Array buffer allocation failed/i;
const trap = /memory access out of bounds|unreachable|null function|Aborted\(/;

/**
 * What a runtime threw, as one sentence with a way out; errors of ours stay as they are.
 *
 * @param what "ort-web: the run failed"
 */
export function describeFailure(what: string, cause: unknown): BunrakuError {
  if (BunrakuError.is(cause)) return cause;
  const message = cause instanceof Error ? cause.message : String(cause);
  const line = message.split("\n")[0]!.trim();
  const said = line.endsWith(".") ? line : `${line}.`;
  const hint = outOfMemory.test(message)
    ? " The graph's tensors need more memory than there is: use a smaller size."
    : trap.test(message)
      ? " The runtime itself failed, often for want of memory, and what it had allocated may stay so: create the backend again."
      : "";
  return new BunrakuError("MODEL", `${what}: ${said}${hint}`, { cause });
}
