import { describe, expect, it } from 'vitest';
import { mayMisfit } from '../../../src/domain/settings/may-misfit.ts';
import type { Settings, VariableValue } from '../../../src/domain/settings/settings.ts';

const T = (value: VariableValue) => ({ variables: { T: value } });

describe('a value that may be none for a place that takes only numbers or durations', () => {
  it.each<[string, Settings, Settings, string[]]>([
    ['text in place of a duration', T('30s'), T('soon'), ['T']],
    ['another duration', T('30s'), T('1.5h'), ['T']],
    ['another number', T(1), T(-1), ['T']],
    ['text in place of a number', T(1), T('one'), ['T']],
    ['a flag that is turned', T(true), T(false), ['T']],
    ['one that takes the place of a default', {}, T('soon'), ['T']],
    ['nothing at all in place of text', T('x'), T(''), ['T']],
    ['a secret in place of a variable, or that hides one', T('on'), { secrets: { T: { env: 'T_KEY' } } }, ['T']],
    ['no secret that comes from elsewhere', { secrets: { T: { env: 'A' } } }, { secrets: { T: { env: 'B' } } }, []],
    ['not text in place of text', T('claude-haiku'), T('claude-opus'), []],
    ['not what stays', T('30s'), T('30s'), []],
    ['not what goes', T('30s'), {}, []],
  ])('is %s', (_what, before, after, names) => {
    expect(mayMisfit(before, after)).toEqual(names);
  });
});
