import { availableParallelism } from "node:os";

/**
 * Threads for one operator, where nobody asked for a number.
 *
 * The runtime's own choice is the number of physical cores, which it takes for one on virtual machines with two, and then
 * leaves half of them idle. Up to four processors all are used; above, half of them, but at least four: there, two often
 * share a core, or some are slow ones.
 */
export function defaultThreads(processors: number = availableParallelism()): number {
  return processors <= 4 ? processors : Math.max(4, Math.floor(processors / 2));
}
