/** What a stub has in place of a library's module: names that proofs mention, and what models may use. */
interface Stub {
  readonly extends: readonly string[];
  /** Definitions, as TLA+. */
  readonly definitions?: string;
  /** Operators that only proofs use: their heads. */
  readonly pragmas?: string;
  readonly theorems?: string;
}

/**
 * Modules that a specification extends for its proofs, which TLC does not read. TLC needs no more of them than their
 * names, so a specification with proofs is decided although the proof system is not installed.
 */
const STUBS: Readonly<Record<string, Stub>> = {
  TLAPS: {
    extends: [],
    pragmas: `
    SimpleArithmetic SMT SMTT(X) CVC3 CVC3T(X) CVC4 CVC4T(X) Yices YicesT(X) veriT veriTT(X) Zipper
    ZipperT(X) Z3 Z3T(X) Spass SpassT(X) LS4 LS4T(X) PTL Zenon ZenonT(X) Isa IsaT(X) IsaM(X) IsaMT(X,Y)
    IsaWithSetExtensionality SlowZenon SlowerZenon VerySlowZenon SlowestZenon Auto SlowAuto SlowerAuto
    SlowestAuto Force SlowForce SlowerForce SlowestForce SimplifyAndSolve SlowSimplifyAndSolve
    SlowerSimplifyAndSolve SlowestSimplifyAndSolve Simplification SlowSimplification
    SlowerSimplification SlowestSimplification Blast SlowBlast SlowerBlast SlowestBlast AutoBlast
    AllProvers AllProversT(X) AllSMT AllSMTT(X) AllIsa AllIsaT(X) ExpandENABLED ExpandCdot AutoUSE
    Lambdify ENABLEDaxioms LevelComparison EnabledWrapper(Op(_)) CdotWrapper(Op(_)) Trivial
    PropositionalTemporalLogic ENABLEDrules ENABLEDrewrites
    `,
    theorems: `
    SetExtensionality NoSetContainsEverything RuleTLA1 RuleTLA2 RuleINV1 RuleINV2 RuleWF1 RuleSF1
    RuleWF2 RuleSF2 RuleInvImplication RuleStepSimulation
    `,
  },
  NaturalsInduction: {
    extends: ["Integers"],
    pragmas: `
    NatInductiveDefHypothesis(f,f0,Def(_,_)) NatInductiveDefConclusion(f,f0,Def(_,_))
    FiniteNatInductiveDefHypothesis(f,c,Def(_,_),m,n) FiniteNatInductiveDefConclusion(f,c,Def(_,_),m,n)
    `,
    theorems: `
    NatInduction DownwardNatInduction GeneralNatInduction SmallestNatural RecursiveFcnOfNat
    NatInductiveDef RecursiveFcnOfNatType NatInductiveDefType RecursiveFcnOfNatUnique
    NatInductiveUnique FiniteNatInductiveDef FiniteNatInductiveDefType FiniteNatInductiveUnique
    FactorialDefConclusion FactorialDef FactorialType
    `,
  },
  WellFoundedInduction: {
    extends: ["NaturalsInduction"],
    definitions: `
IsTransitivelyClosedOn(R, S) ==
  \\A i, j, k \\in S : <<i, j>> \\in R /\\ <<j, k>> \\in R => <<i, k>> \\in R
IsWellFoundedOn(R, S) ==
  \\A T \\in (SUBSET S) \\ {{}} : \\E m \\in T : \\A x \\in T : <<x, m>> \\notin R
SetLessThan(x, R, S) == {y \\in S : <<y, x>> \\in R}
OpToRel(_\\prec_, S) == {p \\in S \\X S : p[1] \\prec p[2]}
PreImage(f(_), S, R) == {p \\in S \\X S : <<f(p[1]), f(p[2])>> \\in R}
`,
    pragmas: `
    TransitiveClosureOn(R,S) LexPairOrdering(R1,R2,S1,S2) LexProductOrdering(R,S,n)
    WFDefOn(R,S,Def(_,_)) OpDefinesFcn(f,S,Def(_,_)) WFInductiveDefines(f,S,Def(_,_)) WFInductiveUnique(S,Def(_,_))
    `,
    theorems: `
    EmptyIsWellFounded IsWellFoundedOnSubset IsWellFoundedOnSubrelation WFMin MinWF
    WellFoundedIsIrreflexive WellFoundedIsAsymmetric WFSetLessThanIrreflexive SetLessTransitive
    WFInduction WFDefOnUnique WFInductiveDefLemma TransitiveClosureThm TransitiveClosureMinimal TCTCTC
    TCRTC RTCTC TransitiveClosureChopLast TransitiveClosureWF WFInductiveDef WFInductiveDefType
    NatLessThanWellFounded PreImageWellFounded WFLexPairOrdering WFLexProductOrdering
    `,
  },
  Functions: {
    extends: [],
    definitions: `
Restrict(f, S) == [x \\in S |-> f[x]]
Range(f) == {f[x] : x \\in DOMAIN f}
Inverse(f, S, T) == [t \\in T |-> CHOOSE s \\in S : t \\in Range(f) => f[s] = t]
IsInjective(f) == \\A x, y \\in DOMAIN f : x # y => f[x] # f[y]
Injection(S, T) == {f \\in [S -> T] : IsInjective(f)}
Surjection(S, T) == {f \\in [S -> T] : T \\subseteq Range(f)}
Bijection(S, T) == {f \\in [S -> T] : IsInjective(f) /\\ T \\subseteq Range(f)}
ExistsInjection(S, T) == Injection(S, T) # {}
ExistsSurjection(S, T) == Surjection(S, T) # {}
ExistsBijection(S, T) == Bijection(S, T) # {}
`,
  },
  FunctionTheorems: {
    extends: ["Functions", "Integers", "FiniteSets"],
    theorems: `
    Fun_RestrictProperties Fun_RangeProperties Fun_InverseProperties Fun_IsInj Fun_IsSurj Fun_IsBij
    Fun_InjectionProperties Fun_SurjectionProperties Fun_BijectionProperties
    Fun_SmallestSurjectionIsBijection Fun_InjTransitive Fun_SurjTransitive Fun_BijTransitive
    Fun_SurjInverse Fun_InjInverse Fun_BijInverse Fun_BijRestrict Fun_InjMeansBijImage Fun_ExistsInj
    Fun_ExistsSurj Fun_ExistsBij Fun_ExistsSurjSubset Fun_ExistsSurjMeansExistsRevInj
    Fun_ExistsBijReflexive Fun_ExistsBijSymmetric Fun_ExistsBijTransitive Fun_ExistsInjReflexive
    Fun_ExistsSurjReflexive Fun_ExistsInjTransitive Fun_ExistsSurjTransitive
    Fun_CantorBernsteinSchroeder_Lemma Fun_CantorBernsteinSchroeder Fun_ExistInjAndSurjThenBij
    Fun_ExistSurjAndSurjThenBij Fun_ExistsBijEquiv Fun_ExistsBijInterval Fun_NatInjLeq
    Fun_NatSurjImpliesNatBij Fun_NatSurjEquivNatBij Fun_NatBijSame Fun_NatBijEmpty Fun_NatBijSingleton
    Fun_NatBijSubset Fun_NatBijAddElem Fun_NatBijSubElem FoldFunctionOnSetEmpty
    FoldFunctionOnSetNonempty FoldFunctionOnSetType FoldFunctionOnSetEqual FoldFunctionOnSetAC
    FoldFunctionOnSetACAddIndex FoldFunctionOnSetACExcept FoldFunctionOnSetDisjointUnion
    FoldFunctionEmpty FoldFunctionNonempty FoldFunctionType FoldFunctionAC FoldFunctionACExcept
    SumFunctionOnSetNat SumFunctionOnSetInt SumFunctionOnSetEqual SumFunctionOnSetEmpty
    SumFunctionOnSetNonempty SumFunctionOnSetAddIndex SumFunctionOnSetRemoveIndex
    SumFunctionOnSetExcept SumFunctionOnSetDisjointUnion SumFunctionNatOnSubset SumFunctionOnSetZero
    SumFunctionOnSetConst SumFunctionOnSetMonotonic SumFunctionOnSetStrictlyMonotonic SumFunctionNat
    SumFunctionInt SumFunctionEmpty SumFunctionNonempty SumFunctionExcept SumFunctionZero
    SumFunctionConst SumFunctionMonotonic SumFunctionStrictlyMonotonic
    `,
  },
  FiniteSetTheorems: {
    extends: ["FiniteSets", "Integers", "Functions", "WellFoundedInduction"],
    pragmas: "FiniteSubsetsOf(S) StrictSubsetOrdering(S)",
    theorems: `
    FS_NatSurjection FS_NatBijection FS_CountingElements FS_SurjCardinalityBound FS_CardinalityType
    FS_Bijection FS_SameCardinalityBij FS_SurjSameCardinalityImpliesInj FS_Surjection FS_Image
    FS_Injection FS_PigeonHole FS_EmptySet FS_AddElement FS_RemoveElement FS_Singleton FS_Subset
    FS_Interval FS_BoundedSetOfNaturals FS_Induction FS_FiniteSubsetsOfFinite
    FS_StrictSubsetOrderingWellFounded FS_WFInduction FS_Union FS_MajoritiesIntersect FS_Intersection
    FS_Difference FS_UNION FS_Product FS_SUBSET
    `,
  },
  SequenceTheorems: {
    extends: ["Sequences", "Functions"],
    theorems: `
    SeqDef SeqMonotonic ElementOfSeq EmptySeq LenProperties IsASeq ExceptSeq SeqEqual ConcatProperties
    ConcatEmptySeq ConcatEqualIffEmpty ConcatAssociative ConcatSimplifications SubSeqProperties
    SubSeqEmpty SubSeqRange HeadTailProperties TailIsSubSeq SubSeqRestrict HeadTailOfSubSeq
    SubSeqRecursive SubSeqOfSubSeq ConcatAdjacentSubSeq SubSeqOfConcat1 SubSeqOfConcat2
    AppendProperties AppendIsConcat HeadTailAppend AppendInjective SequenceEmptyOrAppend
    SequencesInductionAppend SequencesInductionTail RangeOfSeq RangeEquality SeqOfRange
    RangeConcatenation EmptySingletonIsInjective ConcatInjectiveSeq AppendInjectiveSeq TailInjectiveSeq
    `,
  },
  BagsTheorems: {
    extends: ["Bags"],
    theorems: `
    Bags_SqsubsetPO_Reflexivity Bags_SqsubseteqPO_AntiSymmetry Bags_SqsubseteqPO_Transitivity
    Bags_EmptyBag Bags_Scaling Bags_Inverse Bags_Inverse1 Bags_SetToBagEquality Bags_Union
    Bags_Difference Bags_UnionCommutative Bags_UnionAssociative Bags_UnionSqSubset
    Bags_ScalingMonotonic Bags_DifferenceSqsubset Bags_EmptyBagOperations Bags_SetToBagIsABag
    Bags_CopiesInBagsInMonotone Bags_CopiesInScaling Bags_CopiesInSetToBag Bags_IsABagSeqToBag
    `,
  },
};

/** Is there a stub for a module? */
export function hasStub(name: string): boolean {
  return Object.hasOwn(STUBS, name);
}

/** The text of a stub. */
export function stubText(name: string): string {
  const { extends: modules = [], definitions = "", pragmas = "", theorems = "" } = STUBS[name] ?? {};
  const words = (text: string): string[] => text.split(/\s+/).filter((word) => word !== "");
  return [
    `---- MODULE ${name} ----`,
    `(* A stub of Quiesce's: TLC reads no proofs. It has the names that proofs mention. *)`,
    ...(modules.length > 0 ? [`EXTENDS ${modules.join(", ")}`] : []),
    ...(definitions === "" ? [] : [definitions.trim()]),
    ...words(pragmas).map((head) => `${head} == TRUE`),
    ...words(theorems).map((theorem) => `THEOREM ${theorem} == TRUE`),
    "====",
    "",
  ].join("\n");
}
