import { BunrakuError } from "./error.ts";
import type { DType, Tensor } from "./tensor.ts";

type Narrow<P extends readonly (number | string)[]> = { readonly [I in keyof P]: P[I] extends number ? P[I] : number };

/**
 * Checks a tensor's dims against a pattern and narrows its type.
 *
 * A number must match; a name stands for any size, and the same name for the same size.
 *
 * @param what The argument's name, for the message.
 * @returns The same tensor.
 * @throws `SHAPE`
 * @example expectShape(source, ["N", 3, "H", "W"], "source").dims; // readonly [number, 3, number, number]
 */
export function expectShape<T extends DType, const P extends readonly (number | string)[]>(
  tensor: Tensor<T>,
  pattern: P,
  what: string,
): Tensor<T, Narrow<P>> {
  const { dims } = tensor;
  const seen = new Map<string, number>();
  const fits =
    dims.length === pattern.length &&
    pattern.every((wanted, axis) => {
      const got = dims[axis]!;
      if (typeof wanted === "number") return wanted === got;
      const before = seen.get(wanted);
      seen.set(wanted, got);
      return before === undefined || before === got;
    });
  if (!fits) throw new BunrakuError("SHAPE", `${what}: expected [${pattern.join(", ")}], got [${dims.join(", ")}].`);
  return tensor as Tensor<T, Narrow<P>>;
}
