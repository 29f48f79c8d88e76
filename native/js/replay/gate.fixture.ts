import { edgesOut, type Plan } from "../../../conformance/contract/plan.js";

const COME = 1;
const ENTER = 2;
const LEAVE = 3;

type State = readonly [owner: number, at1: number, at2: number];

/** What a lane may do at a gate: come to it, enter while nobody is inside, and leave. */
function after([owner, ...at]: State, lane: number): readonly (readonly [step: number, to: State])[] {
  const standing = (step: number): [number, number] => [lane === 0 ? step : at[0], lane === 1 ? step : at[1]];
  const self = lane + 1;
  if (at[lane] === ENTER) return owner === 0 ? [[ENTER, [self, ...standing(0)]]] : [];
  return owner === self ? [[LEAVE, [0, ...standing(0)]]] : [[COME, [owner, ...standing(ENTER)]]];
}

/** The plan of a gate for two threads, of whom one at a time is inside. All that isn't allowed has to be refused. */
export const GATE: Plan = (() => {
  const states: State[] = [[0, 0, 0]];
  const edges: [from: number, lane: number, step: number, to: number][] = [];
  for (let from = 0; from < states.length; from++)
    for (const lane of [0, 1])
      for (const [step, to] of after(states[from] ?? [0, 0, 0], lane)) {
        let index = states.findIndex((state) => String(state) === String(to));
        if (index < 0) index = states.push(to) - 1;
        edges.push([from, lane, step, index]);
      }
  const plan: Plan = {
    format: 3,
    claim: "gate",
    module: "Gate",
    source: "",
    constants: {},
    lanes: [1, 2].map((value) => ({ kind: "thread", name: `thread ${value}`, value })),
    steps: ["Idle", "Come", "Enter", "Leave"].map((name) => ({ name, with: {}, refusable: true as const })),
    words: ["owner", "at1", "at2"],
    groups: [
      { name: "owner", first: 0, count: 1 },
      { name: "at", first: 1, count: 2 },
    ],
    positions: 1,
    refusable: [0, 1].flatMap((lane) => [COME, ENTER, LEAVE].map((step) => [lane, step] as const)),
    states,
    initial: [0],
    edges,
    paths: [],
  };
  return { ...plan, paths: edges.map((_, edge) => [...wayTo(plan, edge), edge]) };
})();

/** The edges of a shortest way to where an edge begins. */
function wayTo(plan: Plan, edge: number): readonly number[] {
  const out = edgesOut(plan);
  const ways = new Map<number, readonly number[]>([[0, []]]);
  for (const [state, way] of ways)
    for (const next of out[state] ?? []) {
      const to = plan.edges[next]?.[3] ?? 0;
      if (!ways.has(to)) ways.set(to, [...way, next]);
    }
  return ways.get(plan.edges[edge]?.[0] ?? 0) ?? [];
}

/** The gate itself, with the table that target.h asks for. */
export const GATE_SOURCE = `
#include <stdlib.h>
#include <unistd.h>
#include "../replay/target.h"
enum { COME, ENTER, LEAVE };
static const char *const steps[] = { "Come", "Enter", "Leave", NULL };
static const char *const lanes[] = { "thread", NULL };
static const char *const words[] = { "owner", NULL };
static qs_target_hook hook;
static void set_hook(qs_target_hook function) { hook = function; }
static void *create(const struct qs_setup *setup) { (void)setup; return calloc(1, sizeof(int32_t)); }
static bool holds(void *world, int lane) { return __atomic_load_n((int32_t *)world, __ATOMIC_SEQ_CST) == lane + 1; }
static bool take(int32_t *owner, int lane)
{
	int32_t nobody = 0;
	return __atomic_compare_exchange_n(owner, &nobody, lane + 1, 0, __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST);
}
static const char *come(int32_t *owner, int lane)
{
	if (holds(owner, lane))
		return QS_TARGET_REFUSED;
	hook(COME);
	do {
		hook(ENTER);
	} while (!take(owner, lane));
	return NULL;
}
static const char *leave(int32_t *owner, int lane)
{
	if (!holds(owner, lane))
		return QS_TARGET_REFUSED;
	hook(LEAVE);
	__atomic_store_n(owner, 0, __ATOMIC_SEQ_CST);
	return NULL;
}
static const char *run(void *world, int lane, int step)
{
	return step == LEAVE ? leave((int32_t *)world, lane) : come((int32_t *)world, lane);
}
static void drain(void *world, int lane) { (void)leave((int32_t *)world, lane); }
static void observe(void *world, int32_t *state) { state[0] = __atomic_load_n((int32_t *)world, __ATOMIC_SEQ_CST); }
static const struct qs_target target = {
	.abi = QS_TARGET_ABI, .name = "gate", .steps = steps, .lanes = lanes, .words = words,
	.set_hook = set_hook, .create = create, .destroy = free, .run = run, .observe = observe,
	.holds = holds, .drain = drain,
};
const struct qs_target *qs_target_get(void) { return &target; }
`;
