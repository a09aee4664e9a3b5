import { randomInt } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { codeInGroups, deviceName, loginTokenName, makeCode, readCode } from '../../../src/domain/login.ts';
import { checkTokenName } from '../../../src/domain/token.ts';

describe('a code to type', () => {
  it('has eight letters, none of which is taken for another or for a figure', () => {
    for (let i = 0; i < 200; i++) expect(makeCode((below) => randomInt(below))).toMatch(/^[BCDFGHJKLMNPQRSTVWXZ]{8}$/);
  });

  it.each(['BCDF-GHJK', 'bcdf-ghjk', ' bcdfghjk ', 'BCDF GHJK', 'bcdf–ghjk', 'b c d f g h j k', '`BCDF-GHJK`'])(
    'is read however it was typed: %j',
    (typed) => {
      expect(readCode(typed)).toBe('BCDFGHJK');
    },
  );

  it.each(['', 'BCDF', 'BCDFGHJKL', 'ABCDEFGH', '12345678', 'BCDF_GHJK', 'BCDFGHJ\u0130'])('%j is none', (typed) => {
    expect(readCode(typed)).toBeNull();
  });

  it('is shown in two groups', () => {
    expect(codeInGroups('BCDFGHJK')).toBe('BCDF-GHJK');
  });
});

describe('what a program calls itself', () => {
  it.each([
    ['adas-laptop.local', 'adas-laptop.local'],
    ['Ada’s laptop', 'Ada-s-laptop'],
    ['<!channel> approved by IT, click Confirm', 'channel-approved-by-IT-click-Confirm'],
    ['\u202eevil\u0000\n', 'evil'],
    ['…', 'unnamed'],
    ['x'.repeat(200), 'x'.repeat(40)],
  ])('%j is shown as %j', (given, shown) => {
    expect(deviceName(given)).toBe(shown);
  });

  it('always makes a name that a token may have', () => {
    for (const device of ['x'.repeat(200), 'A_B.c-', '…'])
      expect(checkTokenName(loginTokenName(deviceName(device), '00aaz9'))).toMatch(/^login-.*-00aaz9$/);
  });
});
