import { expect, test } from 'vitest';
import { settingsDiffLines } from '../../../src/domain/settings/settings-lines.ts';

test('says each thing that differs, whole, by where it stands', () => {
  const long = 'x'.repeat(300);
  const before = { variables: { A: 1, SAME: true, GONE: 'old' }, limits: { timeout: 90_000 } };
  const after = { variables: { A: '1', SAME: true, LONG: long }, limits: { timeout: 60_000, retries: 2 } };
  expect(settingsDiffLines(before, after)).toEqual([
    '+ limits.retries: 2',
    '- limits.timeout: "90s"',
    '+ limits.timeout: "1m"',
    '- variables.A: 1',
    '+ variables.A: "1"',
    '- variables.GONE: "old"',
    `+ variables.LONG: "${long}"`,
  ]);
});

test('spells out what nobody would see, and finds a key that is no name of a property', () => {
  expect(settingsDiffLines({}, { dataSources: { 'my crm': { 'a.b': 'x\u202ey' } } })).toEqual([
    '+ dataSources["my crm"]["a.b"]: "x\\u{202E}y"',
  ]);
  expect(settingsDiffLines({ variables: {} }, { variables: {} })).toEqual([]);
});
