import { Lexer, Parser, parseDocument } from "yaml";
import { modelError, shortened } from "../model-error.ts";
import { type Json, toJson } from "./json.ts";

// An official configuration has 2 KB, 800 lexemes and no alias.
const LARGEST = 2 ** 20;
const MOST_ALIASES = 100;
const DEEPEST = 64;
const MOST_LEXEMES = 20_000;

// Those of YAML 1.1 that make other than plain values.
const unwantedTags = new Set(["binary", "omap", "pairs", "set", "timestamp"]);

/**
 * Reads yaml as plain JSON. YAML 1.1, because PyYAML wrote and reads these files: `yes` is true, `<<` merges.
 *
 * @throws `MODEL` for what is not yaml, has tags of its own, or grows when its aliases are resolved
 */
export function readYaml(text: string, file: string): Json {
  if (text.length > LARGEST) {
    throw modelError(file, `wanted a configuration of at most ${LARGEST} characters, got ${text.length}.`);
  }
  requireModest(text, file);
  let value: unknown;
  try {
    const document = parseDocument(text, {
      version: "1.1",
      customTags: (tags) =>
        tags.filter((tag) => typeof tag === "string" || !unwantedTags.has(tag.tag.split(":").at(-1)!)),
      logLevel: "silent",
      // It would look for the line of every error, in a time that grows with the square of the line's length.
      prettyErrors: false,
    });
    // A tag that the parser does not know is only a warning to it.
    const problem = document.errors[0] ?? document.warnings[0];
    if (problem)
      throw modelError(
        file,
        `this is not the yaml of a configuration: ${firstLine(problem.message)} at ${placeOf(text, problem.pos[0])}.`,
        problem,
      );
    value = document.toJS({ maxAliasCount: MOST_ALIASES });
  } catch (cause) {
    if (cause instanceof Error && cause.name === "BunrakuError") throw cause;
    const reason = cause instanceof Error ? firstLine(cause.message) : String(cause);
    throw modelError(file, `this yaml cannot be read: ${reason}.`, cause);
  }
  return toJson(file, value);
}

/**
 * Bounds how much there is and how deep, before it is composed.
 *
 * The composer of `yaml` compares every key of a map with every other: 80 000 of them take a minute and a half. And it is
 * recursive: with the stack used up, compiling a regular expression ends the whole process ("RegExpCompiler Allocation
 * failed"), which nothing can catch. Its parser keeps a stack of its own.
 */
function requireModest(text: string, file: string): void {
  const parser = new Parser();
  let lexemes = 0;
  for (const lexeme of new Lexer().lex(text)) {
    if (++lexemes > MOST_LEXEMES)
      throw modelError(file, `wanted a configuration of at most ${MOST_LEXEMES} words and signs, got more.`);
    for (const _ of parser.next(lexeme)) {
      // Tokens are of no interest here.
    }
    if (parser.stack.length > DEEPEST) throw modelError(file, `wanted at most ${DEEPEST} levels of nesting, got more.`);
  }
}

function firstLine(message: string): string {
  return shortened(message.split("\n")[0]!.replace(/[.:]$/, ""), 160);
}

function placeOf(text: string, position: number): string {
  const before = text.slice(0, position).split("\n");
  return `line ${before.length}, column ${before.at(-1)!.length + 1}`;
}
