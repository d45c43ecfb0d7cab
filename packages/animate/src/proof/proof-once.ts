import { type Backend, BunrakuError, type Check, type LoadOptions } from "@bunraku/backends";
import { recordChecks } from "@bunraku/backends/proof";
import type { Family } from "@bunraku/checkpoints";
import { unlessAborted } from "../unless-aborted.ts";
import { prove } from "./prove.ts";

const proofs = new WeakMap<Backend, Map<Family, Promise<readonly Check[]>>>();

/**
 * Sees to it that a backend has proved itself for models of a family: the first time it does, and its report gets the
 * checks; after that the result is known. Whoever comes meanwhile waits for the same proof.
 *
 * An abort ends the waiting, not the proof: others may wait for it, too.
 *
 * @throws `BACKEND_UNAVAILABLE` with the check that failed, its numbers and a way out; `signal.reason`
 */
export async function expectProof(
  backend: Backend,
  family: Family,
  { signal, onProgress }: LoadOptions = {},
): Promise<void> {
  signal?.throwIfAborted();
  const ofBackend = proofs.get(backend) ?? new Map<Family, Promise<readonly Check[]>>();
  proofs.set(backend, ofBackend);
  let proof = ofBackend.get(family);
  if (!proof) {
    proof = prove(backend, { families: [family], ...(onProgress && { onProgress }) }).then((checks) => {
      recordChecks(backend, checks);
      return checks;
    });
    ofBackend.set(family, proof);
  }
  const failed = (await unlessAborted(proof, signal)).find(({ pass }) => !pass);
  if (failed) throw new BunrakuError("BACKEND_UNAVAILABLE", failureOf(backend, failed));
}

function failureOf({ name }: Backend, { name: check, problem, maxAbsError, tolerance }: Check): string {
  const found = problem ?? `differs by ${maxAbsError.toPrecision(2)} (allowed: ${tolerance})`;
  return (
    `${name}: it does not compute what models need; the check "${check}" failed: ${found}. ` +
    "Use another backend; bunraku doctor says which ones work here."
  );
}
