import { describe, expect, it } from 'vitest';
import type { FillProblem } from '../../../src/domain/settings/fill-problem.ts';
import type { Settings } from '../../../src/domain/settings/settings.ts';
import { takenAway } from '../../../src/domain/settings/taken-away.ts';
import { howToFill, newlyUnfilled, unfilledInWords } from '../../../src/domain/settings/unfilled.ts';

const secret = { env: 'STAGING_KEY' };

describe('what a change of settings takes away', () => {
  it.each<[string, Settings, Settings, string[]]>([
    ['nothing where only values change', { variables: { A: 'x' } }, { variables: { A: 'y', B: 1 } }, []],
    ['a variable that goes', { variables: { A: 'x', B: 1 } }, { variables: { B: 1 } }, ['A']],
    ['nothing where a variable becomes a secret', { variables: { A: 'x' } }, { secrets: { A: secret } }, []],
    [
      'a flag that becomes a secret or text',
      { variables: { A: true, B: 'on' } },
      { variables: { A: 'x' } },
      ['A', 'B'],
    ],
    ['nothing where a flag is turned', { variables: { A: true } }, { variables: { A: 'off' } }, []],
    [
      'a flag that is none any more by a letter',
      { variables: { A: 'on', B: 'ON' } },
      { variables: { A: 'ON', B: 'x' } },
      ['A'],
    ],
    [
      'what a masked value is bound to, where a variable hides it',
      { masked: { x: 'A' } },
      { masked: { x: 'A' }, variables: { A: 'y' } },
      ['masked~'],
    ],
    ['a secret that goes, and what may be bound to it', { secrets: { A: secret } }, {}, ['A', 'masked~']],
    ['nothing where a secret comes from elsewhere', { secrets: { A: secret } }, { secrets: { A: { env: 'B' } } }, []],
    ['what a masked value is bound to', { masked: { 'steps[0].url': 'A' } }, { masked: {} }, ['masked~']],
  ])('is %s', (_what, before, after, words) => {
    expect(takenAway(before, after)).toEqual(words);
  });
});

const unknown = (name: string, ...paths: string[]): FillProblem => ({
  ...{ kind: 'unknown' as const, name, paths, message: `there is no variable or secret ${name}` },
});
const masked = (...paths: string[]): FillProblem => ({ kind: 'masked', paths, message: 'values were masked' });

describe('what keeps a version from being filled', () => {
  it('is said by name and place, and with what to write where', () => {
    const problems = [
      unknown('MODEL', 'steps[0].model', 'steps[1].model'),
      unknown('URL', 'steps[2].url'),
      masked('steps[3].task'),
    ];
    expect(unfilledInWords(problems)).toBe(
      'there is no value for MODEL (steps[0].model, steps[1].model), URL (steps[2].url); no secret is named for what was masked at steps[3].task',
    );
    expect(howToFill(problems, 'staging', 'flow')).toBe(
      'Give each a value: in Slack with `/towpath env staging flow set MODEL=…`, or under staging in towpath.yaml with `settings: { variables: { MODEL: … } }`, or `secrets: { MODEL: { env: … } }` for a secret. Name a secret for each: in Slack with `/towpath env staging flow`, or under staging in towpath.yaml with `workflows: { flow: { masked: { "steps[3].task": NAME } } }`.',
    );
  });

  it('is counted beyond what anybody reads', () => {
    const many = Array.from({ length: 200 }, (_, i) =>
      unknown(`NAME_${i}`, ...Array.from({ length: 50 }, (_, j) => `p${j}`)),
    );
    const words = unfilledInWords(many);
    expect(words).toContain('NAME_0 (p0, p1, p2 and 47 more)');
    expect(words).toMatch(/and 170 more$/);
  });

  it('is new only where it was not lacking before', () => {
    const before = [unknown('A', 'x'), masked('x', 'y')];
    expect(newlyUnfilled(before, [unknown('A', 'x', 'z'), masked('y')])).toEqual([]);
    expect(newlyUnfilled(before, [unknown('B', 'x'), masked('x', 'z')])).toEqual([unknown('B', 'x'), masked('z')]);
  });
});
