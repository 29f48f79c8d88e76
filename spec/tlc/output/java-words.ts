/** TLC's classes of values, as TLA+ calls what they hold. */
const VALUES: Readonly<Record<string, string>> = {
  BoolValue: "a Boolean",
  IntValue: "a number",
  StringValue: "a string",
  ModelValue: "a model value",
  TupleValue: "a sequence",
  RecordValue: "a record",
  FcnRcdValue: "a function",
  FcnLambdaValue: "a function",
  FcnParams: "a function's parameters",
  OpLambdaValue: "an operator",
  OpRcdValue: "an operator",
  MethodValue: "an operator",
  SetEnumValue: "a set",
  IntervalValue: "a set of numbers",
  SetOfFcnsValue: "a set of functions",
  SetOfRcdsValue: "a set of records",
  SetOfTuplesValue: "a set of tuples",
  SetPredValue: "a set",
  SubsetValue: "a set of subsets",
  UnionValue: "a set",
  SetCapValue: "a set",
  SetCupValue: "a set",
  SetDiffValue: "a set",
  UserValue: "a set such as Nat",
  UndefValue: "an undefined value",
  LazyValue: "a value",
};

/** The full name of a class, perhaps with a method's name behind it. */
const CLASS =
  /(?<![\w.])(?:class )?(?:java|javax|jdk|sun|com\.sun|tlc2|tla2sany|pcal|util)(?:\.[\w$]+)*\.[A-Z][\w$]*(?:\.\w+)?/;
const FAULT = "TLC itself failed";

/** What Java's own exceptions mean here, in words. */
const EXCEPTIONS: readonly (readonly [RegExp, string | ((...found: string[]) => string)])[] = [
  [
    /class tlc2\.value\.impl\.(\w+) cannot be cast to class tlc2\.value\.(?:impl\.)?(\w+)(?: \([^)]*\))?/,
    (_, was = "", wanted = "") => `TLC met ${valueWord(was)} where it needs ${valueWord(wanted)}`,
  ],
  [
    /NumberFormatException: For input string: "(-?\d+)".*/,
    (_, n = "") => `${n} is too large a number for TLC`,
  ],
  [/ArithmeticException: \/ by zero/, "division by zero"],
  [/ArithmeticException: integer overflow/, "a number is too large for TLC"],
  [
    /(?:\w*IndexOutOfBoundsException|NegativeArraySizeException)\b.*/,
    `${FAULT}: an index is out of its bounds`,
  ],
  [/NullPointerException\b.*/, `${FAULT}: it misses a value`],
  [/ClassCastException\b:?.*/, `${FAULT}: a value is not of the kind that it expects`],
  [/UnsupportedOperationException\b:?/, `${FAULT}: it can't do this`],
  [/StackOverflowError\b/, "Java's stack is too small"],
  [/OutOfMemoryError\b/, "Java ran out of memory"],
];

function valueWord(name: string): string {
  return VALUES[name] ?? "another kind of value";
}

/**
 * What TLC says, without the names of Java's classes and methods, which mean nothing to a person: known exceptions are
 * told in words, traces of the stack are left out. What stands between quotes is the specification's, and stays.
 */
export function withoutJava(text: string): string {
  const lines = text
    .split("\n")
    .filter((line) => !/^\s+(?:at [\w.$/<>]+\(.*\)|\.\.\. \d+ more)$/.test(line))
    .filter(
      (line) => !/^\s*(?:public |protected |private |static )+[\w.$<>[\]]+ [\w.$]+\(.*\)\s*,?$/.test(line),
    );
  return lines.flatMap(lineInWords).join("\n");
}

function lineInWords(line: string): string[] {
  if (!MENTIONS_JAVA.test(line)) return [line];
  let told = line;
  for (const [pattern, words] of EXCEPTIONS) {
    const before = told;
    told = typeof words === "string" ? told.replace(pattern, words) : told.replace(pattern, words);
    if (told !== before) break;
  }
  const parts = told.split(/("(?:[^"\\]|\\.)*")/);
  const plain = parts
    .map((part) =>
      part.startsWith('"')
        ? part
        : part
            .replace(/^(?:Caused by|Exception in thread):?\s*/, "")
            .replace(new RegExp(`${CLASS.source}:\\s*`, "g"), "")
            .replace(/(?<![\w.])java\.lang\.(?=Java's|TLC |division|a number)/g, "")
            .replace(
              new RegExp(`(?:\\b[Aa]n? )?${CLASS.source}`, "g"),
              (name) => VALUES[name.split(".").at(-1) ?? ""] ?? "TLC",
            ),
    )
    .join("")
    .replace(/^(?:java|tlc2|util)(?:\.\w+)*\./, "")
    .trim();
  return plain === "" || plain === "TLC" ? [] : [plain];
}

const MENTIONS_JAVA = new RegExp(
  `${CLASS.source}|\\b(?:\\w+Exception|StackOverflowError|OutOfMemoryError)\\b`,
);
