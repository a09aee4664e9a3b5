import { describe, expect, it } from 'vitest';
import { checkSecrets } from '../../../src/domain/configuration/check-secrets.ts';
import { defaultConfiguration } from '../../../src/domain/configuration/configuration.ts';
import { InvalidConfigurationError } from '../../../src/domain/configuration/invalid-configuration-error.ts';
import { parseTowpathYaml } from '../../../src/domain/configuration/parse-towpath-yaml.ts';

const DAY = 86_400_000;
const COMPLETE = `departments: [support, growth]
environments:
  - { name: development, aliases: [dev] }
  - name: staging
    aliases: [stg]
    channel: C0STAGING
    badge: yellow
    approvals: [{ role: lead, count: 2 }, { role: member }]
    expireAfter: 36h
    webhooks:
      - { url: "https://ci.example.com/hooks/towpath", secret: "\${STAGING_WEBHOOK_SECRET}", events: [deployment.activated, deployment.rolled_back] }
      - { url: "http://10.0.0.7/hook", secret: "\${INNER}", allowPrivate: true }
  - name: production
    aliases: [prod]
    channel: C0PROD
    rollback: { role: lead }
people: { U0ADA: admin, U0LEE: { role: lead, departments: [support] } }
defaultRole: viewer
`;
const parse = (text: string) => parseTowpathYaml(text, { fileName: 'towpath.yaml' });

function problemsOf(text: string): { where: string; message: string }[] {
  try {
    parse(text);
  } catch (error) {
    if (error instanceof InvalidConfigurationError) return [...error.problems];
    throw error;
  }
  return [];
}

/** Two environments, and whatever a test adds. */
const pipeline = (staging: string, rest = '') =>
  `environments:\n  - name: development\n  - { name: staging, ${staging} }\n${rest}`;

describe('towpath.yaml', () => {
  it('says everything that a pipeline needs', () => {
    const { departments, defaultRole, environments, people } = parse(COMPLETE);
    expect({ departments, defaultRole }).toEqual({ departments: ['support', 'growth'], defaultRole: 'viewer' });
    expect(people).toEqual(
      new Map([
        ['U0ADA', { role: 'admin', departments: [] }],
        ['U0LEE', { role: 'lead', departments: ['support'] }],
      ]),
    );
    expect(environments[1]).toEqual({
      name: 'staging',
      rank: 1,
      aliases: ['stg'],
      badge: ':large_yellow_circle:',
      channel: 'C0STAGING',
      policy: {
        approvals: [
          { role: 'lead', count: 2 },
          { role: 'member', count: 1 },
        ],
        expireAfter: 1.5 * DAY,
        rollback: { role: 'member' },
      },
      webhooks: [
        {
          url: 'https://ci.example.com/hooks/towpath',
          secretVariable: 'STAGING_WEBHOOK_SECRET',
          events: ['deployment.activated', 'deployment.rolled_back'],
          allowPrivate: false,
        },
        { url: 'http://10.0.0.7/hook', secretVariable: 'INNER', events: [], allowPrivate: true },
      ],
    });
    expect(environments[2]?.policy.rollback).toEqual({ role: 'lead' });
  });

  it('asks for one admin before the last environment and one lead before the others where it does not say', () => {
    const { environments } = parse('environments: [{ name: a }, { name: b }, { name: c }, { name: d }]');
    expect(environments.map(({ policy }) => policy.approvals)).toEqual([
      [],
      [{ role: 'lead', count: 1 }],
      [{ role: 'lead', count: 1 }],
      [{ role: 'admin', count: 1 }],
    ]);
    expect(environments.map(({ policy }) => policy.expireAfter)).toEqual([7 * DAY, 7 * DAY, 7 * DAY, 7 * DAY]);
  });

  it('asks nobody where it says so', () => {
    expect(parse(pipeline('approvals: []')).environments[1]?.policy.approvals).toEqual([]);
  });

  it.each(['', '# nothing yet\n', '{}', 'people: {}'])(
    'is the default pipeline where it does not name one: %j',
    (text) => {
      expect(parse(text)).toEqual({ ...defaultConfiguration(), hash: expect.stringMatching(/^[0-9a-f]{64}$/) });
    },
  );

  it('may be JSON', () => {
    expect(
      parse('{"environments": [{"name": "a"}, {"name": "b"}], "people": {"U0ADA": "admin"}}').environments,
    ).toHaveLength(2);
  });

  it.each([
    [
      'an unknown key, with the one it was meant to be',
      pipeline('approval: []'),
      'line 3, column 22 (environments[1].approval)',
      'did you mean “approvals”?',
    ],
    ['an unknown key at the top', 'departmets: [a]', 'line 1, column 1 (departmets)', 'did you mean “departments”?'],
    [
      'an unknown key like nothing known',
      'people: {}\ncolour: red',
      'line 2, column 1 (colour)',
      'there are: departments, environments, people, defaultRole',
    ],
    [
      'an unknown key of a person',
      'people: { U0A: { role: lead, departement: [] } }',
      'line 1, column 30',
      'did you mean “departments”?',
    ],
    [
      'a name with capitals',
      'environments: [{ name: Dev }, { name: b }]',
      'line 1, column 18 (environments[0].name)',
      'lower-case',
    ],
    ['a name like a version', 'environments: [{ name: v2 }, { name: b }]', '(environments[0].name)', 'version number'],
    [
      'a missing name',
      'environments: [{ aliases: [x] }, { name: b }]',
      'line 1, column 16 (environments[0].name)',
      'is missing',
    ],
    ['one environment alone', 'environments:\n  - name: a', 'line 1, column 1 (environments)', 'at least two'],
    [
      'a name that is taken',
      'environments: [{ name: a }, { name: a }]',
      'line 1, column 31 (environments[1].name)',
      'already',
    ],
    [
      "an alias that is another's name",
      'environments: [{ name: a }, { name: b, aliases: [c, a] }]',
      '(environments[1].aliases[1])',
      '“a” names an environment already',
    ],
    ['a channel by name', pipeline('channel: "#staging"'), '(environments[1].channel)', "channel's id"],
    [
      'approvals of the first environment',
      'environments: [{ name: a, approvals: [{ role: lead }] }, { name: b }]',
      '(environments[0].approvals)',
      'first environment',
    ],
    [
      'an approver that only looks',
      pipeline('approvals: [{ role: viewer }]'),
      '(environments[1].approvals[0].role)',
      'member, lead or admin',
    ],
    [
      'nobody many times',
      pipeline('approvals: [{ role: lead, count: 0 }]'),
      '(environments[1].approvals[0].count)',
      'least allowed, 1',
    ],
    ['a duration without unit', pipeline('expireAfter: 7'), '(environments[1].expireAfter)', '7d, 12h or 30m'],
    ['a duration in a unit too large', pipeline('expireAfter: 1y'), '(environments[1].expireAfter)', '7d, 12h or 30m'],
    ['a duration that never ends', pipeline('expireAfter: 91d'), '(environments[1].expireAfter)', 'between 1m and 90d'],
    [
      'a duration too short for anybody',
      pipeline('expireAfter: 59s'),
      '(environments[1].expireAfter)',
      'between 1m and 90d',
    ],
    [
      'a secret that stands in the file',
      pipeline('webhooks: [{ url: "https://x.example/", secret: hush }]'),
      'webhooks[0].secret',
      'reference to a variable',
    ],
    ['plain http', pipeline(`webhooks: [{ url: "http://x.example/", secret: "\${S}" }]`), 'webhooks[0].url', 'https'],
    [
      'a password in an address',
      pipeline(`webhooks: [{ url: "https://u:p@x.example/", secret: "\${S}" }]`),
      'webhooks[0].url',
      'without a user name or password',
    ],
    [
      'an event that there is not',
      pipeline(`webhooks: [{ url: "https://x.example/", secret: "\${S}", events: [promotion.opened] }]`),
      'webhooks[0].events[0]',
      'promotion.requested',
    ],
    [
      'an address twice',
      pipeline(
        `webhooks: [{ url: "https://x.example/", secret: "\${S}" }, { url: "https://x.example/", secret: "\${T}" }]`,
      ),
      'webhooks[1].url',
      'twice',
    ],
    ['a person by name', 'people: { ada: admin }', 'line 1, column 11 (people.ada)', 'member ID'],
    ['a role that there is not', 'people: { U0A: owner }', '(people.U0A)', 'has to be a role'],
    [
      'a role that there is not, in the long form',
      'people: { U0A: { role: owner } }',
      '(people.U0A.role)',
      'viewer, member, lead, admin',
    ],
    [
      'a department that nobody listed',
      'departments: [support]\npeople: { U0A: { role: lead, departments: [sales] } }',
      'line 2, column 44 (people.U0A.departments[0])',
      'there are: support',
    ],
    ['a department twice', 'departments: [a, a]', '(departments[1])', 'already'],
    ['a key twice', 'people: {}\npeople: {}', 'line 2', 'unique'],
    ['what is no YAML', 'a: [', 'line 1', 'is not YAML'],
    ['a list', '- a', 'line 1, column 1', 'a mapping'],
    [
      'a key that reaches into objects',
      '__proto__: { admin: true }',
      'line 1, column 1 (__proto__)',
      'there is no “__proto__”',
    ],
  ])('refuses %s', (_what, text, where, message) => {
    expect(problemsOf(text)).toEqual([
      { where: expect.stringContaining(where), message: expect.stringContaining(message) },
    ]);
  });

  it('lists every problem at once, in the order of the file', () => {
    const problems = problemsOf('environments:\n  - { name: A }\npeople:\n  bob: admin\n  U0A: king\ncolor: red\n');
    expect(problems.map(({ where }) => /line (\d)/.exec(where)?.[1])).toEqual(['1', '2', '4', '5', '6']);
  });

  it('never repeats what stands in the place of a secret', () => {
    const text = pipeline('webhooks: [{ url: "https://u:hush@x.example/", secret: hush }]');
    expect(() => parse(text)).toThrowError(InvalidConfigurationError);
    expect(() => parse(text)).not.toThrowError('hush');
  });

  it('refuses aliases that grow without end, and files that no configuration can be', () => {
    const layers = Array.from({ length: 9 }, (_, i) => `l${i + 1}: &l${i + 1} [${Array(9).fill(`*l${i}`).join(', ')}]`);
    expect(problemsOf(['l0: &l0 [a]', ...layers].join('\n'))).toEqual([
      { where: 'towpath.yaml', message: expect.stringContaining('aliases') },
    ]);
    expect(problemsOf('#'.repeat(600_000))).toEqual([
      { where: 'towpath.yaml', message: expect.stringContaining('512 KB') },
    ]);
  });
});

describe('secrets of webhooks', () => {
  it('have to be set when the process starts, or the refusal says who needs them', () => {
    const check = () => checkSecrets(parse(COMPLETE), (name) => ({ INNER: 'x' })[name]);
    expect(check).toThrowError(/STAGING_WEBHOOK_SECRET: .*staging's webhook to ci\.example\.com/);
    expect(check).not.toThrowError('INNER');
  });

  it('are not asked for more than that', () => {
    expect(() => checkSecrets(parse(COMPLETE), () => 'set')).not.toThrow();
  });
});
