import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkSecrets } from '../../../src/domain/configuration/check-secrets.ts';
import { InvalidConfigurationError } from '../../../src/domain/configuration/invalid-configuration-error.ts';
import { parseTowpathYaml } from '../../../src/domain/configuration/parse-towpath-yaml.ts';
import { policySchema } from '../../../src/domain/policy/policy.ts';
import { DAY, policy } from '../../support/domain-builders.ts';
import { anyRequires, anyRules } from '../../support/policies.ts';

const HOUR = 60 * 60_000;
const parse = (text: string) => parseTowpathYaml(text, { fileName: 'towpath.yaml' });
/** Production's policy, of a file that says this of it. */
const policyOf = (said: string) =>
  parse(`departments: [support]\nenvironments:\n  - name: development\n  - { name: production, ${said} }\n`)
    .environments[1]?.policy;

function problemsOf(text: string): { where: string; message: string }[] {
  try {
    parse(text);
  } catch (error) {
    if (error instanceof InvalidConfigurationError) return [...error.problems];
    throw error;
  }
  return [];
}

describe('requires', () => {
  it('gives every requirement its defaults', () => {
    expect(
      policyOf(`requires: {
        tests: {}, quality: { minScore: 4 }, cost: { maxCostPerRun: 0.05 }, latency: { maxP95: 800ms, maxIncrease: 0.1 },
        checks: [security-review], gates: [{ url: "https://gate.example/ask", secret: "\${GATE_SECRET}" }],
        soak: { for: 24h, minRuns: 50, maxErrorRate: 0.02, maxDivergence: 0.1 }, shadow: { sample: 100, minSimilarity: 0.85 },
        parity: { probes: [{ tcp: "db.internal:5432" }, { url: "https://status.example/" }] },
        checklist: ["Rollback tested"], suites: {}, risk: { high: { count: 2 } }, authorMayApprove: false, rejection: counts,
        freezes: [{ rrule: "FREQ=WEEKLY;BYDAY=FR;BYHOUR=16", timeZone: Europe/Berlin, lasts: 2d 16h, reason: Weekend }] }`),
    ).toEqual({
      ...{ approvals: [{ role: 'admin', count: 1 }], expireAfter: 7 * DAY, rollback: { role: 'member' } },
      tests: { minPassRate: 0.8, maxAge: 7 * DAY },
      quality: [{ scale: 'quality', minScore: 4, of: 5, maxAge: 7 * DAY }],
      cost: { maxCostPerRun: 0.05, maxAge: 7 * DAY },
      latency: { maxP95: 800, maxIncrease: 0.1, maxAge: 7 * DAY },
      checks: ['security-review'],
      gates: [{ url: 'https://gate.example/ask', secretVariable: 'GATE_SECRET', timeout: HOUR, allowPrivate: false }],
      soak: { for: DAY, minRuns: 50, maxErrorRate: 0.02, maxDivergence: 0.1 },
      shadow: { sample: 100, minSimilarity: 0.85 },
      parity: { probes: [{ tcp: 'db.internal:5432' }, { url: 'https://status.example/' }] },
      checklist: ['Rollback tested'],
      suites: { onOpen: true, budget: 5 },
      risk: { high: { count: 2 } },
      ...{ authorMayApprove: false, rejection: 'counts' },
      freezes: [
        {
          ...{ rrule: 'FREQ=WEEKLY;BYDAY=FR;BYHOUR=16', timeZone: 'Europe/Berlin', lasts: 'P2DT16H' },
          ...{ kind: 'deny', reason: 'Weekend' },
        },
      ],
    });
  });

  it('leaves the policy as it always was where it says nothing, or what holds anyway', () => {
    const plain = policyOf('');
    expect(Object.keys(plain ?? {})).toEqual(['approvals', 'expireAfter', 'rollback']);
    expect(policyOf('requires: {}')).toEqual(plain);
    expect(policyOf('requires: { authorMayApprove: true, rejection: vetoes }, stricter: []')).toEqual(plain);
  });

  it('takes several scales', () => {
    const scales = policyOf(
      'requires: { quality: [{ scale: helpfulness, minScore: 4 }, { scale: accuracy, minScore: 9, of: 10 }] }',
    );
    expect(scales?.quality?.map(({ scale, of }) => [scale, of])).toEqual([
      ['helpfulness', 5],
      ['accuracy', 10],
    ]);
  });
});

describe('approvals', () => {
  it('take rules of every kind', () => {
    const said = `approvals: [{ role: lead, count: 2 }, { people: [U0A, U0B, U0A] }, { usergroup: S0TEAM, count: 2 },
      { onCall: S0CALL, label: on call }, { owner: true }]`;
    expect(policyOf(said)?.approvals).toEqual([
      { role: 'lead', count: 2 },
      { people: ['U0A', 'U0B'], count: 1 },
      { usergroup: 'S0TEAM', count: 2 },
      { onCall: 'S0CALL', count: 1, label: 'on call' },
      { owner: true },
    ]);
  });
});

describe('stricter', () => {
  it('names workflows or departments, and what they are asked besides', () => {
    const said = `stricter: [{ workflows: [refund-agent], approvals: [{ role: admin }], requires: { tests: { minPassRate: 1 } } },
      { departments: [support], requires: { checklist: [Told] } }]`;
    expect(policyOf(said)?.stricter).toEqual([
      {
        workflows: ['refund-agent'],
        approvals: [{ role: 'admin', count: 1 }],
        tests: { minPassRate: 1, maxAge: 7 * DAY },
      },
      { departments: ['support'], checklist: ['Told'] },
    ]);
  });
});

describe('secrets of gates', () => {
  it('have to be set when the process starts, those that only some workflows are asked for, too', () => {
    const gate = (secret: string) => `gates: [{ url: "https://gate.example/", secret: "\${${secret}}" }]`;
    const file = parse(
      `environments:\n  - name: a\n  - { name: b, requires: { ${gate('OWN')} }, stricter: [{ workflows: [x], requires: { ${gate('MORE')} } }] }\n`,
    );
    expect(() => checkSecrets(file, () => undefined)).toThrowError(/OWN: .*b's gate gate\.example.*MORE: /s);
    expect(() => checkSecrets(file, () => 'set')).not.toThrow();
  });
});

describe('what can’t be asked', () => {
  const production = (said: string) =>
    `departments: [support]\nenvironments:\n  - name: development\n  - { name: production, ${said} }\n`;
  it.each([
    [
      'a kind that there is not',
      production('requires: { test: {} }'),
      '(environments[1].requires.test)',
      'did you mean “tests”?',
    ],
    [
      'a key that there is not',
      production('requires: { soak: { for: 24h, minRun: 5 } }'),
      '(environments[1].requires.soak.minRun)',
      'did you mean “minRuns”?',
    ],
    ['a rate above all', production('requires: { tests: { minPassRate: 95 } }'), 'minPassRate', 'most allowed, 1'],
    ['a duration without unit', production('requires: { soak: { for: 24 } }'), 'requires.soak.for', 'with a unit'],
    ['a soak of no time', production('requires: { soak: { for: 1s } }'), 'requires.soak.for', 'between 1m and 90d'],
    ['a soak of which nobody says how long', production('requires: { soak: {} }'), 'requires.soak', 'is missing'],
    ['a score beyond the best', production('requires: { quality: { minScore: 6 } }'), 'quality.minScore', 'best score'],
    ['no score at all', production('requires: { quality: 4 }'), 'requires.quality', '{ minScore: 4.0, of: 5 }'],
    [
      'a scale twice',
      production('requires: { quality: [{ minScore: 1 }, { minScore: 2 }] }'),
      'requires.quality',
      'twice',
    ],
    ['a cost without a limit', production('requires: { cost: {} }'), 'requires.cost', 'maxCostPerRun'],
    ['a check twice', production('requires: { checks: [a, a] }'), 'requires.checks', 'twice'],
    [
      'a gate over plain http',
      production('requires: { gates: [{ url: "http://g.example/", secret: "${S}" }] }'),
      'gates[0].url',
      'https',
    ],
    [
      'a gate’s secret in the file',
      production('requires: { gates: [{ url: "https://g.example/", secret: hush }] }'),
      'gates[0].secret',
      'reference',
    ],
    [
      'a probe of two kinds',
      production('requires: { parity: { probes: [{ tcp: "a:1", url: "https://a/" }] } }'),
      'probes[0]',
      'exactly one',
    ],
    [
      'a probe of no port',
      production('requires: { parity: { probes: [{ tcp: "a:99999" }] } }'),
      'probes[0].tcp',
      'port',
    ],
    [
      'a calendar that never comes true',
      production(
        'requires: { freezes: [{ rrule: "FREQ=MONTHLY;BYMONTHDAY=31;BYMONTH=2", timeZone: UTC, lasts: 1d, reason: x }] }',
      ),
      'freezes[0].rrule',
      'never comes true',
    ],
    [
      'a time zone that there is not',
      production('requires: { freezes: [{ rrule: "FREQ=DAILY", timeZone: Mars, lasts: 1d, reason: x }] }'),
      'freezes[0].timeZone',
      'time zone',
    ],
    [
      'a freeze of no length',
      production('requires: { freezes: [{ rrule: "FREQ=DAILY", timeZone: UTC, lasts: 0h, reason: x }] }'),
      'freezes[0].lasts',
      'duration',
    ],
    [
      'a rule for nobody',
      production('approvals: [{ count: 2 }]'),
      '(environments[1].approvals[0])',
      'exactly one of role',
    ],
    [
      'a rule for two kinds',
      production('approvals: [{ role: lead, people: [U0A] }]'),
      '(environments[1].approvals[0])',
      'exactly one of role',
    ],
    ['two owners', production('approvals: [{ owner: true, count: 2 }]'), '(environments[1].approvals[0])', 'the owner'],
    [
      'more than are named',
      production('approvals: [{ people: [U0A, U0A], count: 2 }]'),
      '(environments[1].approvals[0])',
      '2 of 1',
    ],
    ['a group by name', production('approvals: [{ usergroup: "@team" }]'), 'approvals[0].usergroup', 'group'],
    [
      'risk of nobody',
      production('approvals: [], requires: { risk: { high: { count: 1 } } }'),
      'requires.risk',
      'rule under approvals',
    ],
    [
      'more people at risk than fit',
      production('approvals: [{ owner: true }], requires: { risk: { high: { count: 2 } } }'),
      'requires.risk',
      'fits 1',
    ],
    [
      'a stricter one for nobody',
      production('stricter: [{ requires: { tests: {} } }]'),
      'stricter[0]',
      'workflows or departments',
    ],
    [
      'a stricter one for a department that there is not',
      production('stricter: [{ departments: [sales] }]'),
      'stricter[0].departments[0]',
      'there are: support',
    ],
    [
      'a stricter risk of more people than fit',
      production(
        'approvals: [{ owner: true }], stricter: [{ departments: [support], requires: { risk: { high: { count: 2 } } } }]',
      ),
      'stricter[0].requires.risk',
      'fits 1',
    ],
    [
      'anything of the first environment',
      'environments: [{ name: a, requires: { tests: {} } }, { name: b }]',
      '(environments[0].requires.tests)',
      'first environment',
    ],
    [
      'stricter in the first environment',
      'environments: [{ name: a, stricter: [{ workflows: [x] }] }, { name: b }]',
      '(environments[0].stricter[0])',
      'first environment',
    ],
  ])('refuses %s', (_what, text, where, message) => {
    expect(problemsOf(text)).toEqual([
      { where: expect.stringContaining(where), message: expect.stringContaining(message) },
    ]);
  });

  it('does not say that freezes of the first environment are', () => {
    const text =
      'environments: [{ name: a, requires: { freezes: [{ rrule: FREQ=DAILY, timeZone: UTC, lasts: 1h, reason: x }] } }, { name: b }]';
    expect(problemsOf(text)).toEqual([]);
  });
});

describe('a policy that is kept', () => {
  it('is read as it was written', () => {
    fc.assert(
      fc.property(anyRules, anyRequires, anyRequires, (approvals, requires, more) => {
        const kept = {
          ...policy({ approvals, ...requires }),
          stricter: [{ departments: ['support'], approvals, ...more }],
        };
        expect(policySchema.parse(JSON.parse(JSON.stringify(kept)))).toEqual(kept);
      }),
      { numRuns: 200 },
    );
  });

  it('keeps what only a later release knows', () => {
    const later = { ...policy({ tests: { minPassRate: 1, maxAge: 1 } }), moon: { phase: 'full' } };
    expect(policySchema.parse({ ...later, tests: { ...later.tests, flaky: 2 } })).toMatchObject({
      moon: { phase: 'full' },
      tests: { flaky: 2 },
    });
  });

  it.each([
    { soak: {} },
    { tests: { minPassRate: '1' } },
    { approvals: [{ count: 1 }] },
    { freezes: [{ kind: 'maybe' }] },
  ])('is not guessed at where it is damaged: %j', (damaged) => {
    expect(policySchema.safeParse({ ...policy(), ...damaged }).success).toBe(false);
  });
});

describe('the key of the judge', () => {
  it('has to be set when the process starts, where the file names its variable', () => {
    const judged = (secret: string) =>
      parse(`runners: { judge: { protocol: openai, url: "https://models.example/v1", model: m${secret} } }\n`);
    const file = judged(', secret: "${JUDGE_KEY}"');
    expect(() => checkSecrets(file, () => undefined)).toThrowError(/JUDGE_KEY: .*runners.judge.*models\.example/);
    expect(() => checkSecrets(file, (name) => (name === 'JUDGE_KEY' ? 'set' : undefined))).not.toThrow();
    expect(() => checkSecrets(judged(''), () => undefined)).not.toThrow();
  });
});
