import { BunrakuError } from "@bunraku/backends";
import type { Family } from "@bunraku/checkpoints";

const families: readonly Family[] = ["fomm", "monkey-net"];

/** For families that come out of a file. @throws `MODEL` naming those that there are */
export function expectFamily(family: Family): void {
  if (families.includes(family)) return;
  const known = families.join(" or ");
  throw new BunrakuError("MODEL", `model: family must be ${known}, got ${JSON.stringify(family)}.`);
}
