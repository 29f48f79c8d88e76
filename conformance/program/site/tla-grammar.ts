/** The colours of TLA+ and of TLC's configurations, as a TextMate grammar: our own, as small as what our modules use. */
export const TLA_GRAMMAR = {
  name: "tla",
  displayName: "TLA+",
  scopeName: "source.tla",
  aliases: ["tlaplus", "cfg"],
  patterns: [{ include: "#all" }],
  repository: {
    all: {
      patterns: [
        { name: "comment.line.tla", match: "\\\\\\*.*$" },
        { include: "#comment" },
        { name: "string.quoted.double.tla", begin: '"', end: '"|$', patterns: [{ match: "\\\\." }] },
        { name: "markup.heading.tla", match: "^-{4,}\\s*MODULE\\s+\\w+\\s*-{4,}|^={4,}|^-{4,}" },
        {
          name: "keyword.control.tla",
          match:
            "\\b(?:ASSUME|ASSUMPTION|AXIOM|CASE|CHOOSE|CONSTANTS?|DOMAIN|ELSE|ENABLED|EXCEPT|EXTENDS|IF|IN|INSTANCE|LAMBDA|LET|LOCAL|MODULE|OTHER|RECURSIVE|SF_|SUBSET|THEN|THEOREM|UNCHANGED|UNION|VARIABLES?|WF_|WITH|SPECIFICATION|INVARIANTS?|PROPERT(?:Y|IES)|CONSTRAINTS?|ACTION_CONSTRAINTS?|SYMMETRY|VIEW|ALIAS|POSTCONDITION|CHECK_DEADLOCK|INIT|NEXT)\\b",
        },
        { name: "constant.language.tla", match: "\\b(?:TRUE|FALSE|BOOLEAN|STRING|Nat|Int)\\b" },
        { name: "constant.numeric.tla", match: "\\b\\d+\\b" },
        {
          match: "^\\s*(?:LOCAL\\s+)?([A-Za-z_]\\w*)(?:\\([^)]*\\)|\\[[^\\]]*\\])?\\s*(==)",
          captures: { 1: { name: "entity.name.function.tla" }, 2: { name: "keyword.operator.tla" } },
        },
        {
          name: "keyword.operator.tla",
          match: "/\\\\|\\\\/|=>|<=>|==|<-|->|\\|->|\\[\\]|<>|~>|\\\\[A-Za-z]+|[~='#]|\\.\\.|<<|>>",
        },
      ],
    },
    comment: {
      name: "comment.block.tla",
      begin: "\\(\\*",
      end: "\\*\\)",
      patterns: [{ include: "#comment" }],
    },
  },
};
