import { homedir } from "node:os";

/** The same, with ~ for the home directory in every text: a report may be shown to anyone. */
export function withoutHome<T>(value: T, home = homedir()): T {
  if (home.length < 2) return value;
  // A path that only begins alike is another one.
  if (typeof value === "string")
    return value.split(home).reduce((text, rest) => text + (/^\w/.test(rest) ? home : "~") + rest) as T;
  if (Array.isArray(value)) return value.map((each) => withoutHome(each, home)) as T;
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, withoutHome(each, home)])) as T;
}
