-------------------------- MODULE NecessityExpected --------------------------
EXTENDS Naturals
Expected == [f \in {"mb", "membarrier", "signal", "qsbr"} |-> {}]
==============================================================================
