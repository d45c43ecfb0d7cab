import { BunrakuError } from "@bunraku/backends";
import type { Keypoints } from "../../keypoints.ts";
import { choosePerson, type Person, type PersonChoice } from "./choose-person.ts";
import { createPointReader, describe, expectList, expectObject, type ReadOptions } from "./read-points.ts";

export interface AlphaPoseOptions extends ReadOptions {
  /** Who is meant. `surest` has the best score, `largest` the largest box. @default "surest" */
  readonly person?: PersonChoice;
  /** Only people whom AlphaPose's tracker gave this number (`idx`): the same one in all frames. */
  readonly track?: number;
}

/** The landmarks of one picture of AlphaPose's results. */
export interface AlphaPoseFrame {
  /** `image_id`: the picture's name. */
  readonly image: string;
  readonly keypoints: Keypoints;
}

/** A person, and the tracker's number of theirs. */
interface TrackedPerson extends Person {
  readonly track?: number;
}

/**
 * The landmarks of each picture of AlphaPose's `alphapose-results.json`, in the file's order.
 *
 * Reads the default format (a list with `image_id`, `keypoints`, `score`, perhaps `box` and `idx`), and the formats `cmu`
 * and `open`, which have the layout `coco18`. Pictures on which AlphaPose found nobody are not in its file.
 *
 * Convention: pixels are counted from the centre of the first. AlphaPose places every point, however unsure: set
 * `minConfidence` (it draws those above 0.4) to have the others count as not found.
 *
 * @param document The parsed JSON. Borrowed.
 * @returns Points in [-1, 1] and their confidences (at most 1), owned by the caller.
 * @throws `OPTION`; `SHAPE` when a person has another number of points; `MOTION` when it is not such a document
 */
export function readAlphaPose(document: unknown, options: AlphaPoseOptions): AlphaPoseFrame[] {
  const who = "readAlphaPose";
  const reader = createPointReader(options, who);
  const { person = "surest", track } = options;
  const pictures = new Map<string, TrackedPerson[]>();
  const peopleOn = (image: string) => {
    const people = pictures.get(image) ?? [];
    pictures.set(image, people);
    return people;
  };
  if (Array.isArray(document)) {
    for (const [i, item] of document.entries()) {
      const what = `[${i}]`;
      const entry = expectObject(item, `${who} ${what}`);
      const image = entry.image_id;
      if (typeof image !== "string" && typeof image !== "number") {
        throw new BunrakuError("MOTION", `${who} ${what}.image_id: expected a name, got ${describe(image)}.`);
      }
      peopleOn(String(image)).push({
        points: reader.points(entry.keypoints, `${what}.keypoints`),
        ...(typeof entry.score === "number" && { score: entry.score }),
        ...areaOf(entry.box),
        ...(typeof entry.idx === "number" && { track: entry.idx }),
      });
    }
  } else {
    for (const [image, value] of Object.entries(expectObject(document, who))) {
      const entry = expectObject(value, `${who} ${JSON.stringify(image)}`);
      const [field, list] =
        "bodies" in entry ? (["bodies", "joints"] as const) : (["people", "pose_keypoints_2d"] as const);
      const people = peopleOn(image);
      for (const [i, item] of expectList(entry[field], `${who} ${JSON.stringify(image)}.${field}`).entries()) {
        const what = `${JSON.stringify(image)}.${field}[${i}]`;
        people.push({ points: reader.points(expectObject(item, `${who} ${what}`)[list], `${what}.${list}`) });
      }
    }
  }
  return [...pictures].map(([image, people]) => {
    const meant = track === undefined ? people : people.filter((someone) => someone.track === track);
    return { image, keypoints: reader.keypoints(choosePerson(meant, person, who)) };
  });
}

/** `box` is [left, top, width, height]. */
function areaOf(box: unknown): { area?: number } {
  if (!Array.isArray(box) || typeof box[2] !== "number" || typeof box[3] !== "number") return {};
  return { area: box[2] * box[3] };
}
