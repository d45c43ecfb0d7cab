import type { Session, Values } from "./backend.ts";
import { BunrakuError } from "./error.ts";

/**
 * Checks that `feeds` are the inputs a session wants, and that the asked outputs exist: one clear error instead of a
 * runtime's own.
 *
 * @throws `SHAPE`, `OPTION`
 */
export function checkFeeds(
  session: Pick<Session, "inputs" | "outputs">,
  feeds: Values,
  outputs?: readonly string[],
): void {
  for (const { name, type, dims } of session.inputs) {
    const feed = feeds[name];
    if (!feed) {
      const given = Object.keys(feeds).join(", ") || "nothing";
      throw new BunrakuError("SHAPE", `run: input "${name}" is missing; got ${given}.`);
    }
    if (feed.type !== type || feed.dims.length !== dims.length || feed.dims.some((dim, axis) => dims[axis] !== dim)) {
      throw new BunrakuError(
        "SHAPE",
        `run: input "${name}" must be ${type} [${dims.join(", ")}], got ${feed.type} [${feed.dims.join(", ")}].`,
      );
    }
  }
  for (const name of Object.keys(feeds)) {
    if (!session.inputs.some((input) => input.name === name)) {
      const known = session.inputs.map((input) => input.name).join(", ");
      throw new BunrakuError("SHAPE", `run: there is no input "${name}"; the inputs are ${known}.`);
    }
  }
  for (const name of outputs ?? []) {
    if (!session.outputs.some((output) => output.name === name)) {
      const known = session.outputs.map((output) => output.name).join(", ");
      throw new BunrakuError("OPTION", `run: there is no output "${name}"; the outputs are ${known}.`);
    }
  }
}
