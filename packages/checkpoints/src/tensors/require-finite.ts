import { modelError } from "../model-error.ts";

/**
 * Checks that every weight is a finite number: one that is not makes every picture black, much later and without a word.
 *
 * @throws `MODEL` naming the tensor and the first such element
 */
export function requireFinite(data: Float32Array, file: string, name: string): void {
  for (let i = 0; i < data.length; i++) {
    if (data[i]! - data[i]! !== 0) {
      throw modelError(
        file,
        `tensor ${name}: element ${i} is ${data[i]}; weights must be finite float32 numbers. ` +
          "The training that wrote it broke down, or the file is damaged; use another checkpoint.",
      );
    }
  }
}
