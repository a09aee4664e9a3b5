import fc from 'fast-check';
import type { RunOutcome } from '../../../src/domain/run-record.ts';
import { type Act, act } from './acts/act.ts';
import { setGreeting } from './acts/environments.ts';
import { type Finding, type Ran, ran, report } from './acts/evidence.ts';
import * as outside from './acts/outside.ts';
import { regroup, silence } from './acts/people.ts';
import type { CanalModel } from './canal-model.ts';

const seldom = (leftOut: number) => fc.integer({ min: 0, max: leftOut }).map((n) => n === 0);
const unfinished = fc.constantFrom(...[null, null, null, null, null, null], 'running' as const, 'errored' as const);

const findings: Record<Finding['kind'], fc.Arbitrary<Finding>> = {
  tests: fc
    .record({
      name: fc.constantFrom('suite', 'suite', 'smoke'),
      figure: fc.constantFrom(10, 10, 9, 8, 5),
      state: unfinished,
      beside: fc.constantFrom(undefined, undefined, 20, 60),
    })
    .map(({ beside, ...found }) => ({ kind: 'tests', ...found, ...(beside !== undefined && { beside }) })),
  quality: fc
    .record({
      name: fc.constantFrom('helpfulness', 'helpfulness', 'tone'),
      figure: fc.constantFrom(5, 4, 3.9, 3),
      of: fc.constantFrom(5, 5, undefined, 10),
      state: unfinished,
    })
    .map(({ of, ...found }) => ({ kind: 'quality', ...found, ...(of !== undefined && { of }) })),
  cost: fc.record({
    ...{ kind: fc.constant('cost' as const), name: fc.constant('suite'), state: unfinished },
    figure: fc.constantFrom(20, 25, 40, 60),
  }),
  latency: fc.record({
    ...{ kind: fc.constant('latency' as const), name: fc.constantFrom('suite', 'suite', 'smoke'), state: unfinished },
    figure: fc.constantFrom(800, 1_200, 2_000, 2_001, 5_000),
  }),
  check: fc.record({
    ...{ kind: fc.constant('check' as const), name: fc.constant('review'), state: fc.constant(null) },
    figure: fc.constantFrom(10, 10, 0),
  }),
};

const runs: fc.Arbitrary<Ran> = fc.record({
  outcomes: fc.array(fc.constantFrom<RunOutcome>('succeeded', 'succeeded', 'succeeded', 'failed', 'cancelled'), {
    ...{ minLength: 1, maxLength: 3 },
  }),
  ago: fc.constantFrom(0, 0, 0, 30, 1_440),
  ofProposed: fc.boolean(),
});

const replay = fc
  .record({
    compared: fc.constantFrom(10, 10, 4, 0),
    diverged: fc.constantFrom(0, 0, 1, 2),
    lost: fc.constantFrom(0, 0, 1),
    similarity: fc.constantFrom(0.9, 0.9, 0.85, 0.4),
  })
  .map(({ diverged, ...more }) => ({ ...more, diverged: Math.min(diverged, more.compared) }));

const target = fc.constantFrom('staging' as const, 'staging' as const, 'production' as const);
const member = fc.constantFrom('U0MAX', 'U0LIV', 'U0LEE', 'U0DEV');
const chances = fc.record({
  ...{
    to: target,
    chance: fc.nat({ max: 59 }),
    ofLive: seldom(4),
    found: fc.record(findings),
    ran: runs,
    member,
    replay,
  },
  ...{ no: seldom(4), isInvented: seldom(5), isReached: seldom(4).map((not) => !not), isIn: fc.boolean() },
  greeting: fc.constantFrom('hello', 'hello', 'hey', null),
});
type Chances = typeof chances extends fc.Arbitrary<infer T> ? T : never;

/** Something is found out, mostly of what is asked for there. */
export const happening: fc.Arbitrary<Act> = chances.map((drawn) => {
  const which = (model: Readonly<CanalModel>): Act => {
    const all = possible(model, drawn);
    return all[drawn.chance % all.length] ?? report(drawn.to, false, drawn.found.tests);
  };
  return act(
    `something happens ${JSON.stringify(drawn)}`,
    (model, real) => which(model).perform(model, real),
    (model) => which(model).check(model),
  );
});

/** By what is asked. */
function possible(model: Readonly<CanalModel>, drawn: Chances): Act[] {
  const { to, chance, ofLive, found, isReached, isInvented, member: who, isIn, greeting } = drawn;
  const asked = model.asked(to);
  const measured = (['tests', 'quality', 'cost', 'latency'] as const).filter((kind) => asked[kind] !== undefined);
  const groups = asked.approvals.flatMap((rule) =>
    'usergroup' in rule ? [rule.usergroup] : 'onCall' in rule ? [rule.onCall] : [],
  );
  const says = drawn.no ? 'rejected' : 'approved';
  const acts = [
    ...measured.map((kind) => report(to, ofLive, found[kind])),
    ...(asked.checks === undefined ? [] : [report(to, ofLive, found.check)]),
    ...(asked.soak?.minRuns === undefined && asked.soak?.maxErrorRate === undefined ? [] : [ran(to, drawn.ran)]),
    ...(asked.gates === undefined
      ? []
      : [outside.askGates(to, isReached), outside.answerGate(to, chance, says, isInvented)]),
    ...(asked.gates === undefined || chance % 2 === 0 ? [] : [outside.askGatesAgain(who, to)]),
    ...(asked.parity === undefined ? [] : [outside.checkParity(to), setGreeting(to, greeting)]),
    ...(asked.shadow === undefined ? [] : [outside.endReplays(to, drawn.replay)]),
    ...groups.map((group) => (isInvented ? silence(group, isIn) : regroup(group, who, isIn))),
  ];
  return acts.length > 0 ? acts : [report(to, ofLive, found.tests), ran(to, drawn.ran)];
}
