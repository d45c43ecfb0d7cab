// The sizes as text that is a table of Markdown, too.

/** 1 KB is 1000 bytes. @param {number} bytes */
export function kilobytes(bytes) {
  return `${(bytes / 1000).toFixed(bytes < 9995 ? 2 : 1)} KB`;
}

/**
 * @typedef {object} Result of one import
 * @property {string} name
 * @property {import("./weigh.mjs").Sizes} own
 * @property {import("./weigh.mjs").Sizes} lazy
 * @property {import("./weigh.mjs").Sizes} fetched
 * @property {number | undefined} ceiling
 * @property {import("./runtime-files.mjs").Runtime[]} runtimes
 */

/** @param {readonly [readonly string[], ...(readonly string[])[]]} rows the first is the heading */
export function table([heading, ...rows]) {
  const columns = heading.map((head, column) => {
    const cells = rows.map((row) => row[column] ?? "");
    const width = Math.max(head.length, ...cells.map((cell) => cell.length));
    return { width, numbers: cells.every((cell) => /^([\d.]+ KB)?$/.test(cell)) };
  });
  /** @param {readonly string[]} row */
  const line = (row) => {
    const cells = columns.map(({ width, numbers }, column) => {
      const cell = row[column] ?? "";
      return numbers ? cell.padStart(width) : cell.padEnd(width);
    });
    return `| ${cells.join(" | ")} |`;
  };
  const rule = columns.map(({ width, numbers }) => (numbers ? `${"-".repeat(width - 1)}:` : "-".repeat(width)));
  return [line(heading), `| ${rule.join(" | ")} |`, ...rows.map(line)].join("\n");
}

/** One row for each import; the gzip of its own files is what the ceiling is about. @param {Result[]} results */
export function importTable(results) {
  const heading = ["import", "min", "min + gzip", "brotli", "ceiling", "lazy (gzip)", "in all (gzip)", "runtime apart"];
  const rows = results.map(({ name, own, lazy, fetched, ceiling, runtimes }) => [
    `\`${name}\``.replace(/^`(a page.*)`$/, "$1"),
    kilobytes(own.min),
    kilobytes(own.gzip),
    kilobytes(own.brotli),
    ceiling === undefined ? "" : kilobytes(ceiling),
    lazy.gzip === 0 ? "" : kilobytes(lazy.gzip),
    fetched.gzip === own.gzip ? "" : kilobytes(fetched.gzip),
    runtimes.map(({ specifier }) => specifier).join(", "),
  ]);
  return table([heading, ...rows]);
}

/** Each file that a runtime brings. @param {Result[]} results */
export function runtimeTable(results) {
  const bySpecifier = new Map(results.flatMap(({ runtimes }) => runtimes.map((one) => [one.specifier, one])));
  const rows = [...bySpecifier.values()].flatMap(({ specifier, version, files }) =>
    files.map(({ name, raw, gzip }) => [specifier, version, name, kilobytes(raw), kilobytes(gzip)]),
  );
  return table([["runtime", "version", "file", "as it is", "gzip"], ...rows]);
}
