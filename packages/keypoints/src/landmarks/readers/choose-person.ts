import { BunrakuError } from "@bunraku/backends";
import type { RawPoints } from "./read-points.ts";

/**
 * Who is meant where a picture shows several people: the n-th of the file (from 0), the `surest`, or the `largest`.
 *
 * Detectors do not keep an order between frames, so a number is for single pictures.
 */
export type PersonChoice = number | "surest" | "largest";

export interface Person {
  readonly points: RawPoints;
  /** What the detector says of the whole person. @default the sum of the points' confidences */
  readonly score?: number;
  /** Area of the detector's box. @default that of the found points' bounding box */
  readonly area?: number;
}

/** The chosen person, or `undefined` when there is none of that number, or none with a single point found. */
export function choosePerson(people: readonly Person[], choice: PersonChoice, who: string): RawPoints | undefined {
  if (typeof choice === "number") {
    if (!Number.isInteger(choice) || choice < 0) throw choiceError(choice, who);
    return people[choice]?.points;
  }
  if (choice !== "surest" && choice !== "largest") throw choiceError(choice, who);
  const weigh = choice === "surest" ? scoreOf : areaOf;
  let best: Person | undefined;
  for (const person of people) {
    if (person.points.found > 0 && (!best || weigh(person) > weigh(best))) best = person;
  }
  return best?.points;
}

function scoreOf({ score, points: { values } }: Person): number {
  if (score !== undefined) return score;
  let sum = 0;
  for (let i = 2; i < values.length; i += 3) sum += values[i]!;
  return sum;
}

function areaOf({ area, points: { values } }: Person): number {
  if (area !== undefined) return area;
  let [left, right, top, bottom] = [Infinity, -Infinity, Infinity, -Infinity];
  for (let i = 0; i < values.length; i += 3) {
    if (values[i + 2] === 0) continue;
    left = Math.min(left, values[i]!);
    right = Math.max(right, values[i]!);
    top = Math.min(top, values[i + 1]!);
    bottom = Math.max(bottom, values[i + 1]!);
  }
  return (right - left) * (bottom - top);
}

function choiceError(choice: unknown, who: string): BunrakuError {
  return new BunrakuError(
    "OPTION",
    `${who}: person must be "surest", "largest" or a whole number from 0, got ${JSON.stringify(choice)}.`,
  );
}
